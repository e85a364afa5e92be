"""
The compiled reader beside the one in pure Python: logs at random, read by both.

    python -m tests.compared TRIALS [SEED [MODULE]]

MODULE is a compiled reader that was built with sanitizers, to be used in place of the installed one.
"""

import gzip
import importlib.util
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from random import Random

if len(sys.argv) > 3 and __name__ == "__main__":  # before footfall loads its own
    spec = importlib.util.spec_from_file_location("footfall._compiled", sys.argv[3])
    assert spec is not None
    assert spec.loader is not None
    sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules[spec.name])

from footfall.compiled import IS_COMPILED
from footfall.digest import Digester, Lines, Start
from footfall.formats import FORMATS
from footfall.pageviews.counting import Counting

from .builders import pure_formats

ROOT = Path(__file__).parents[1]
COUNTING = Counting(facts=("remote_ip", "user_agent"), exclude_paths=("private/*",))
PURE = pure_formats()
ODD = (
    b"",
    b" ",
    b"\r",
    b"\n",
    b"\r\n",
    b'"',
    b"-",
    b"[",
    b"\\",
    b"\t",
    b"\0",
    b"\xff",
    b'" "',
    b"#",
    b"[20/Oct/2022:08:49:42 +0000] ",
)


def samples_of(name: str) -> list[bytes]:
    """Logs of a format, each of one kind: the contract suite's and what the documentation has."""
    logs = [ROOT / f"tests/logs/{name}.log"]
    if name == "s3":
        logs += sorted(ROOT.glob("docs/sample-logs/*"))[:3]
    if name == "cloudfront":
        logs += [path for path in sorted(ROOT.glob("docs/sample-cloudfront/*/*")) if path.is_file()]
    contents = [path.read_bytes() for path in logs]
    found = [gzip.decompress(each) if each.startswith(b"\x1f\x8b") else each for each in contents]
    return [*found, *with_other_fields(found[1])] if name == "cloudfront" else found


def with_other_fields(log: bytes) -> Iterator[bytes]:
    """A W3C log of CloudFront with its fields in other orders, milliseconds for date and time, and as JSON."""
    header, *lines = [line for line in log.splitlines() if not line.startswith(b"#V")]
    names = header.decode().split()[1:]
    rows = [dict(zip(names, line.decode().split("\t"), strict=True)) for line in lines]
    for row in rows:
        when = datetime.fromisoformat(f"{row['date']}T{row['time']}+00:00")
        row["timestamp(ms)"] = str(round(when.timestamp() * 1000) + 123)
    without_time = ["timestamp(ms)", *(name for name in names if name not in ("date", "time"))]
    for some in (names[::-1], names[:15], without_time, [*names[::-1], "timestamp(ms)"], without_time[:12][::-1]):
        yield "\n".join(["#Fields: " + " ".join(some), *("\t".join(row[name] for name in some) for row in rows), ""]).encode()
        yield "\n".join(json.dumps({name: row[name] for name in some}, separators=(",", ":")) for row in rows).encode() + b"\n"


def damaged(log: bytes, rng: Random) -> bytes:
    """Some of its lines, with bytes lost, moved and added."""
    head = log[: log.find(b"\n") + 1] if log.startswith(b"#") else b""
    lines = log.splitlines(keepends=True)
    some = bytearray(head + b"".join(rng.choice(lines) for _ in range(rng.randrange(1, 12))))
    for _ in range(rng.choice((0, 0, 1, 2, 5, 20))):
        at, length = rng.randrange(len(some) + 1), rng.choice((0, 0, 1, 1, 2, 30))
        new = rng.choice((rng.choice(ODD), rng.randbytes(rng.randrange(3)), bytes(some[at : at + rng.randrange(40)])))
        some[at : at + length] = new
    return bytes(some)


def blocks_of(content: bytes, rng: Random) -> Iterator[bytes]:
    """The same cut into blocks, wherever a line ends."""
    while content:
        end = content.find(b"\n", rng.randrange(len(content))) + 1 or len(content)
        yield content[:end]
        content = content[end:]


@cache
def digesters_of(name: str) -> tuple[Digester, Digester]:
    """One that reads with what is compiled, and one in pure Python."""
    rows = {name: FORMATS[name]}, {name: PURE[f"{name}, pure"]}
    folder = tempfile.gettempdir()
    return Digester(rows[0], COUNTING, rejects_folder=folder), Digester(rows[1], COUNTING, rejects_folder=folder)


def both(name: str, blocks: Sequence[bytes]) -> list[Lines]:
    """What each of them makes of these blocks of lines."""
    start = Start(blocks[0] if blocks else b"", origin="origin")
    return [digester.read(iter(blocks), start) for digester in digesters_of(name)]


def main(trials: int, seed: int = 0) -> None:
    """Compare them in so many logs at random."""
    assert IS_COMPILED
    logs = [(name, log) for name in (each.partition(",")[0] for each in PURE) for log in samples_of(name)]
    for trial in range(trials):
        rng = Random(f"{seed} {trial}")
        name, log = rng.choice(logs)
        blocks = list(blocks_of(damaged(log, rng), rng))
        one, other = both(name, blocks)
        if one != other:
            sys.exit(f"seed {seed}, trial {trial}: they differ about {name}'s {blocks!r}:\n{one}\n{other}")
    sys.stdout.write(f"{trials} logs read by both\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
