"""Lines of JSON, as in v2 logs: one object per line, whose values are strings, percent-encoded as in W3C lines."""

import json
from collections.abc import Mapping
from typing import Any

from .names import STATUS

_decode = json.JSONDecoder(strict=False).decode
NULL = b"-"  # CloudFront's form for nothing


def is_json(line: bytes) -> bool:
    """Whether a line begins like an object. No W3C line does: `{` is percent-encoded in values."""
    return line.lstrip()[:1] == b"{"


def json_values(line: bytes) -> Mapping[str, bytes] | None:
    """The values of an object by key, in the form of W3C lines; None if it is not an object."""
    try:
        said = _decode(line.decode("utf-8", "replace"))
        return {_well(key): _value(key, value) for key, value in said.items()} if isinstance(said, dict) else None
    except (ValueError, RecursionError):
        return None


def _value(key: str, value: Any) -> bytes:
    """Other tools rewrite values, so numbers are accepted too."""
    if value is None:
        return NULL
    if isinstance(value, str):
        return _well(value).encode()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if key == STATUS and type(value) is int:
        return b"%03d" % value
    return _well(json.dumps(value)).encode()


def _well(text: str) -> str:
    """JSON can contain half a surrogate pair, which cannot be stored: it becomes U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
