"""
The compiled reader (_compiled.c): available if `pip install` found a C compiler and FOOTFALL_PURE is not set.

Otherwise Python code does the same work, with the same results.
"""

import os
from importlib import import_module
from typing import Any


def _load() -> Any:
    try:
        return None if os.environ.get("FOOTFALL_PURE") else import_module("._compiled", __package__)
    except ImportError:
        return None


compiled = _load()
IS_COMPILED = compiled is not None
"""Whether the compiled reader is available."""
SEED = int.from_bytes(os.urandom(8), "little")  # strangers choose what is numbered
