"""
What a day's visitors did, in few bytes: for those with the lowest hashes, whether each viewed a page and loaded files.

Pages and pictures of one visitor are in several log files, and two sketches do not say how many are in both. So the same
visitors are sampled from each, up to MOST_SAMPLED: all of them, where there are no more. What is packed is a function of who
did what alone, in whichever order and however often it comes: whoever is among the lowest at the end always was.

Hashes are cut to 24 bits, of which 2,000 differ but for one pair in eight days, and packed by their distances: 2 bytes each.
"""

import zlib
from collections.abc import Iterator, Mapping
from heapq import nsmallest
from itertools import accumulate, pairwise

VIEWED, LOADED, FROM_SEARCH = 1, 2, 4  # a page, a file of pages, a page that a search engine led to
MOST_SAMPLED = 2_000  # visitors: 4 to 5 KB
NOTHING = b""

_BYTES = 3  # of a hash, its first ones


def merged(packed: bytes, signs: Mapping[bytes, int]) -> bytes:
    """What was packed, and what these hashes did; the very same bytes where all of it is among them."""
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
    """How many in the sample did all of these."""
    did = _columns(packed)[_BYTES]
    return sum(did.count(each) for each in range(2 * FROM_SEARCH) if each & signs == signs)


def _packed(found: Mapping[int, int]) -> bytes:
    """First bytes of distances together, then second ones, as few of the first are not 0: zlib then leaves little of them."""
    distances = b"".join((after - before).to_bytes(_BYTES, "big") for before, after in pairwise([0, *found]))
    return zlib.compress(distances[::3] + distances[1::3] + distances[2::3] + bytes(found.values()), 9)


def _unpacked(packed: bytes) -> Iterator[tuple[int, int]]:
    """Numbers in their order, and what each did."""
    *distances, did = _columns(packed)
    numbers = accumulate(first << 16 | second << 8 | third for first, second, third in zip(*distances, strict=True))
    return zip(numbers, did, strict=True)


def _columns(packed: bytes) -> list[bytes]:
    """The bytes of all distances, first, second and third ones, and what each did."""
    content = zlib.decompress(packed) if packed else b""
    many = len(content) // (_BYTES + 1)
    return [content[place * many : (place + 1) * many] for place in range(_BYTES + 1)]
