"""What a part of a log file added to the tally, in few bytes, as the ledger keeps it."""

import json
import zlib

from ..records import Tally

# Below this, compressing takes longer than the bytes are worth.
WORTH_COMPRESSING = 256
COMPRESSED, PLAIN = b"z", b"p"  # what the first byte says


Nested = dict[str, dict[str, dict[str, dict[str, int]]]]
"""By site, day, dimension and value: how often."""


def encode(tally: Tally, level: int = 1) -> bytes:
    """A tally as bytes; a higher `level`, up to 9, makes fewer of them in more time."""
    content = json.dumps(nest(tally), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return PLAIN + content if len(content) < WORTH_COMPRESSING else COMPRESSED + zlib.compress(content, level)


def decode(content: bytes) -> Tally:
    """The tally that `encode` was given."""
    plain = zlib.decompress(content[1:]) if content[:1] == COMPRESSED else content[1:]
    return unnest(json.loads(plain.decode("utf-8", "surrogatepass")))


def nest(tally: Tally) -> Nested:
    """A tally nested, so that each name stands once."""
    nested: Nested = {}
    for (site, dimension, day, value), times in tally.items():
        nested.setdefault(site, {}).setdefault(day, {}).setdefault(dimension, {})[value] = times
    return nested


def unnest(nested: Nested) -> Tally:
    """The tally that `nest` was given."""
    return {
        (site, dimension, day, value): times
        for site, days in nested.items()
        for day, dimensions in days.items()
        for dimension, values in dimensions.items()
        for value, times in values.items()
    }
