"""What a part of a log file added to the tally, in few bytes, as the ledger keeps it."""

import json
import zlib

from ..records import Tally

# Below this, compressing takes longer than the bytes are worth.
WORTH_COMPRESSING = 256
COMPRESSED, PLAIN = b"z", b"p"  # what the first byte says


def encode(tally: Tally) -> bytes:
    """A tally as bytes: nested by site, day and dimension, so that names stand once."""
    nested: dict[str, dict[str, dict[str, dict[str, int]]]] = {}
    for (site, dimension, day, value), times in tally.items():
        nested.setdefault(site, {}).setdefault(day, {}).setdefault(dimension, {})[value] = times
    content = json.dumps(nested, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return PLAIN + content if len(content) < WORTH_COMPRESSING else COMPRESSED + zlib.compress(content, 1)


def decode(content: bytes) -> Tally:
    """The tally that `encode` was given."""
    plain = zlib.decompress(content[1:]) if content[:1] == COMPRESSED else content[1:]
    return {
        (site, dimension, day, value): times
        for site, days in json.loads(plain.decode("utf-8", "surrogatepass")).items()
        for day, dimensions in days.items()
        for dimension, values in dimensions.items()
        for value, times in values.items()
    }
