"""
What a day's visitors did, in few bytes: for those with the lowest hashes, whether each viewed a page and loaded files.

A visitor's pages and pictures are in several log files, and two sketches do not show how many visitors are in both. So the
same visitors are sampled from each file, up to MOST_SAMPLED: all of them if there are no more. The packed bytes depend only on
who did what, in whatever order and however often it comes: a visitor among the lowest at the end was so from the start.

Hashes are cut to 24 bits (2,000 of these have a collision once in eight days) and packed by their distances: 2 bytes each.
"""

import zlib
from collections.abc import Iterator, Mapping
from heapq import nsmallest
from itertools import accumulate, pairwise

VIEWED, LOADED, FROM_SEARCH = 1, 2, 4  # a page, a file that belongs to pages, a page found through a search engine
MOST_SAMPLED = 2_000  # visitors: 4 to 5 KB
NOTHING = b""

_BYTES = 3  # of a hash that are kept, its first


def merged(packed: bytes, signs: Mapping[bytes, int]) -> bytes:
    """The packed signs and those of these hashes; exactly the same bytes if there is nothing new."""
    before = dict(_unpacked(packed))
    found = dict(before)
    highest = max(before).to_bytes(_BYTES, "big") if len(before) == MOST_SAMPLED else b"\xff" * _BYTES
    for begin, sign in ((each[:_BYTES], sign) for each, sign in signs.items()):
        if begin <= highest:
            number = int.from_bytes(begin, "big")
            found[number] = found.get(number, 0) | sign
    lowest = {number: found[number] for number in nsmallest(MOST_SAMPLED, found)}
    return packed if lowest == before else _packed(lowest)


def with_signs(packed: bytes, signs: int) -> int:
    """The number of visitors in the sample who did all of these."""
    did = _columns(packed)[_BYTES]
    return sum(did.count(each) for each in range(2 * FROM_SEARCH) if each & signs == signs)


def _packed(found: Mapping[int, int]) -> bytes:
    """Packs all first bytes of the distances, then all second ones: most first bytes are 0, which zlib compresses well."""
    distances = b"".join((after - before).to_bytes(_BYTES, "big") for before, after in pairwise([0, *found]))
    return zlib.compress(distances[::3] + distances[1::3] + distances[2::3] + bytes(found.values()), 9)


def _unpacked(packed: bytes) -> Iterator[tuple[int, int]]:
    """Hashes as numbers, in order, each with its signs."""
    *distances, did = _columns(packed)
    numbers = accumulate(first << 16 | second << 8 | third for first, second, third in zip(*distances, strict=True))
    return zip(numbers, did, strict=True)


def _columns(packed: bytes) -> list[bytes]:
    """All first, second and third bytes of the distances, and the signs."""
    content = zlib.decompress(packed) if packed else b""
    many = len(content) // (_BYTES + 1)
    return [content[place * many : (place + 1) * many] for place in range(_BYTES + 1)]
