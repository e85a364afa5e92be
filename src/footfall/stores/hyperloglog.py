"""
Counts distinct hashes in few bytes: a sorted list of up to MOST_LISTED, beyond that HyperLogLog.

The packed bytes depend only on the set of hashes, whatever their order, however often they occur and in however many pieces. So
nothing is counted twice, and repeating a merge changes nothing.

A list is exact. HyperLogLog errs by 1.6 % (root mean square) with Ertl's estimator, which needs no tables of corrections:
Otmar Ertl, "New cardinality estimation algorithms for HyperLogLog sketches", 2017, https://arxiv.org/abs/1702.01284.
"""

import math
import zlib
from collections.abc import Iterable

HASH_BYTES = 5  # 130,000 hashes of 40 bits have one collision in a hundred days
MOST_LISTED = 750  # hashes: 3.7 KB, where HyperLogLog takes 2 to 3
LISTED, SKETCHED = b"L", b"H"  # what the bytes begin with
NOTHING = LISTED

_INDEX_BITS = 12  # of a hash choose its register, which keeps the longest run of leading zeros in the other bits, plus one
_REGISTERS = 1 << _INDEX_BITS
_REST_BITS = 8 * HASH_BYTES - _INDEX_BITS


def merged(packed: bytes, hashes: Iterable[bytes]) -> bytes:
    """The packed hashes and these; exactly the same bytes if all of these are among them."""
    if packed[:1] == LISTED:
        listed = _listed(packed)
        both = listed.union(hashes)
        if len(both) <= MOST_LISTED:
            return LISTED + b"".join(sorted(both))
        return _sketch(_raised(bytes(_REGISTERS), both))
    before = _registers(packed)
    after = _raised(before, hashes)
    return packed if after == before else _sketch(after)


def count(packed: bytes) -> int:
    """The number of different hashes: exact for a list, approximate for a sketch."""
    if packed[:1] == LISTED:
        return len(packed) // HASH_BYTES
    registers = _registers(packed)
    times = [registers.count(value) for value in range(_REST_BITS + 2)]  # number of registers with each value
    sum_ = _REGISTERS * _tau(1 - times[-1] / _REGISTERS)
    for value in range(_REST_BITS, 0, -1):
        sum_ = (sum_ + times[value]) / 2
    sum_ += _REGISTERS * _sigma(times[0] / _REGISTERS)
    return round(_REGISTERS**2 / (2 * math.log(2) * sum_))


def _listed(packed: bytes) -> set[bytes]:
    return {packed[start : start + HASH_BYTES] for start in range(len(LISTED), len(packed), HASH_BYTES)}


def _registers(packed: bytes) -> bytes:
    return zlib.decompress(packed[len(SKETCHED) :])


def _sketch(registers: bytes) -> bytes:
    return SKETCHED + zlib.compress(registers, 9)


def _raised(registers: bytes, hashes: Iterable[bytes]) -> bytes:
    """The registers with these hashes."""
    raised = bytearray(registers)
    for each in hashes:
        number = int.from_bytes(each, "big")
        index, rest = number >> _REST_BITS, number & ((1 << _REST_BITS) - 1)
        raised[index] = max(raised[index], _REST_BITS + 1 - rest.bit_length())
    return bytes(raised)


def _sigma(share: float) -> float:
    """Ertl's sigma, for registers without hashes."""
    if share == 1:
        return math.inf
    power, found, factor = share, share, 1.0
    while True:
        power *= power
        before, found = found, found + power * factor
        factor *= 2
        if found == before:
            return found


def _tau(share: float) -> float:
    """Ertl's tau, for registers that have reached their maximum."""
    if share in (0, 1):
        return 0
    root, found, factor = share, 1 - share, 1.0
    while True:
        root = math.sqrt(root)
        factor /= 2
        before, found = found, found - (1 - root) ** 2 * factor
        if found == before:
            return found / 3
