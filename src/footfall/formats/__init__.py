"""
The log formats: a new one is a new file and a new row of FORMATS.

The contract suite in tests/contracts/test_formats.py runs over every row, on its sample in tests/logs/NAME.log.
"""

from .base import Format
from .caddy import CADDY
from .cloudfront import CLOUDFRONT
from .combined import COMBINED
from .s3 import S3

AUTO = "auto"
"""Recognizes each file by its first lines; the first row of FORMATS that matches is its format."""

FORMATS: dict[str, Format] = {
    "s3": S3,
    "cloudfront": CLOUDFRONT,
    "combined": COMBINED,
    "caddy": CADDY,
}
