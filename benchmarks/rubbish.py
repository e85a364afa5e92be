"""
How fast lines are read that are no records, and were made to be slow.

    .venv/bin/python benchmarks/rubbish.py [--mb 8]

Each line is repeated to fill so many megabytes. "By itself" footfall looks for a format in vain; behind records of a format
the file is read to its end by that. Processor time of this process, the best of three.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from footfall.digest import Start, make_digester
from footfall.digest.origin import first_line_hash
from footfall.formats import AUTO, FORMATS
from footfall.pageviews.counting import Counting
from footfall.pipeline.parts import whole_lines

LOGS = Path(__file__).parents[1] / "tests/logs"
BLOCK_BYTES = 1 << 19
SHOWN = 24  # characters of a line

ANYWHERE = [
    b"", b" ", b"\r", b"a", b"#", b"# Fields", b"\t", b"{", b"{}", b"[", b'"', b"\0" * 50, b"a b c", b" " * 4000 + b"x",
    b"a" * 79, b"[" * 200, b'"" ' * 30, b"\t" * 40, b"x" * BLOCK_BYTES,
]  # fmt: skip
"""Lines of no format."""
NEARLY = {
    "s3": [
        b"b b [01/Jan/2026:00:00:00 +0000] 1.2.3.4 - R WEBSITE.GET.OBJECT",
        b"b b [01/Jan/2026:00:00:00 +0000] " + b'"' * 300,
        b"b b [99/Jan/2026:00:00:00 +0000] 1.2.3.4 - R WEBSITE.GET.OBJECT k " + b'"GET /k HTTP/1.1" 200 - 1 1 1 1 "-" "-" -',
    ],
    "combined": [
        b'1.2.3.4 - - [01/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1" 2',
        b"1.2.3.4 - - [01/Jan/2026:00:00:00 +0000] " + b'\\"' * 200,
        b'1.2.3.4 - - [01/Jan/2026:00:00:99 +0000] "GET / HTTP/1.1" 200 1 "-" "-"',
    ],
    "cloudfront": [
        b"2026-01-01\t",
        b"{}\t{}",
        b"2026-01-01\t01:02:03\t",
        b"2026-01-01\t01:02:03\t" + b"x\t" * 30,
        b"2026-01-01\t01:02:03" + b"\t" * 32,
        b"#Fields: date time",
        b"#Fields: date time cs-method cs-uri-stem sc-status\nx\ty",
    ],
    "caddy": [
        b'{"msg":0}',
        b'{"request":{},"ts":1}',
        b'{"request":{"method":"GET","uri":"/"},"ts":"x"}',
        b'{"a":' * 40,
        b'{"a":0}',
        b'{"msg":{"a":1}}',
        b'{"msg":"\\n"}',
        b'{"msg":[[]]}',
        b'{"msg":0,"request":{}}',
        b'web | {"msg":0}',
    ],
}
"""Lines that are nearly records, by their format."""


def main() -> None:
    """Measure, and print a table."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--mb", type=int, default=8, help="megabytes of each line (default: 8)")
    size = asked.parse_args().mb * 1_000_000
    sys.stdout.write("| lines | MB/s by itself | after records of | MB/s |\n|---|---|---|---|\n")
    for name in FORMATS:
        for line in [*ANYWHERE, *NEARLY[name]]:
            rubbish = (line + b"\n") * (size // (len(line) + 1))
            first = (LOGS / f"{name}.log").read_bytes()
            alone, after = best(rubbish), best(first + rubbish)
            shown = repr(line.decode("latin-1"))[1:-1]
            shown = shown if len(shown) <= SHOWN else f"{shown[:SHOWN]}…"
            sys.stdout.write(f"| `{shown}` | {size / alone / 1e6:.0f} | {name} | {size / after / 1e6:.0f} |\n")
            sys.stdout.flush()


def best(content: bytes) -> float:
    """The least processor time in which a file is read, of three times, in seconds."""

    def once() -> float:
        begun = time.process_time()
        read(content)
        return time.process_time() - begun

    return min(once() for _ in range(3))


def read(content: bytes) -> int:
    """Read a file's content as the import does, once what it begins with is known; how many lines it has."""
    head = content[: content.rfind(b"\n", 0, BLOCK_BYTES) + 1] or content[:BLOCK_BYTES]
    first_line_hash(head)
    return make_digester(AUTO, Counting()).read(whole_lines(blocks(content)), Start(head, origin="x")).line_count


def blocks(content: bytes) -> Iterator[bytes]:
    """In the pieces in which files are read."""
    return (content[place : place + BLOCK_BYTES] for place in range(0, len(content), BLOCK_BYTES))


if __name__ == "__main__":
    main()
