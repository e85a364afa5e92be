"""
The emulator of AWS, which asks anew what an expression means for each item of a partition: here once for each expression.

    python -P tests/emulator.py

The answers are the emulator's own, in half of the processor time.
"""

from functools import lru_cache

from ministack.app import main
from ministack.services import _dynamodb_keywords as partiql
from ministack.services import dynamodb

# Each depends on its texts alone, and nobody changes what it returns.
ASKED_AGAIN = ((dynamodb, "_condition_syntax_error"), (dynamodb, "_tokenize"), (partiql, "_tokenize"))


if __name__ == "__main__":
    for module, name in ASKED_AGAIN:
        setattr(module, name, lru_cache(1024)(getattr(module, name)))
    main()
