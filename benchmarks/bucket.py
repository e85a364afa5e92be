"""
A bucket that costs next to nothing: S3's two answers that an import needs, from memory, each so many milliseconds later.

    python benchmarks/bucket.py LOGS_FOLDER --ms 10      prints its endpoint, and runs until it is ended

or, in a benchmark, as a process of its own:

    with bucket(folder, ms=10) as endpoint:  # for AWS_ENDPOINT_URL; the bucket is s3://footfall-bench/

An emulator of AWS takes 1 to 2 ms of processor time an answer, ten times what fetching takes, and on a machine of two
processors one would measure the emulator. Here every answer is made before it is asked for. Signatures are not looked at.
"""

import argparse
import asyncio
import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote
from xml.sax.saxutils import escape

LOOPBACK = "127.0.0.1"
BUCKET = "footfall-bench"
LISTED_AT_ONCE = 1000
BACKLOG = 1024  # connections that are made at the same moment
DATE = "Thu, 26 Nov 2026 12:00:00 GMT"
ANSWER = (
    b"HTTP/1.1 200 OK\r\nx-amz-id-2: mjiRX0gxfHYAHCoFN3WlZRKMJBmqJWwBbKY3QyGNRGxZBTnTUUnN7bRnFuQkcdBd\r\n"
    b"x-amz-request-id: 5V7X8Q2TRRSBP7JG\r\nDate: %s\r\nLast-Modified: %s\r\nETag: %s\r\nAccept-Ranges: bytes\r\n"
    b"Content-Type: %s\r\nServer: AmazonS3\r\nContent-Length: %d\r\n\r\n"
)
NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
TOKEN = re.compile(rb"continuation-token=(\d+)")


@contextmanager
def bucket(folder: Path, ms: float) -> Iterator[str]:
    """An endpoint where a folder's files are objects, for as long as it is needed."""
    command = [sys.executable, __file__, str(folder), "--ms", str(ms)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield next(process.stdout or iter(())).strip()
        finally:
            process.kill()


def answer(content: bytes, kind: bytes, tag: str = "") -> bytes:
    """An answer to be sent as it is."""
    return ANSWER % (DATE.encode(), DATE.encode(), tag.encode(), kind, len(content)) + content


def tag_of(content: bytes) -> str:
    return f'"{hashlib.md5(content, usedforsecurity=False).hexdigest()}"'


def listing(names: Sequence[str], contents: Sequence[bytes], start: int) -> bytes:
    """The answer that lists the objects from one on."""
    end = start + LISTED_AT_ONCE
    rows = "".join(
        f"<Contents><Key>{escape(quote(name))}</Key><LastModified>2026-11-26T12:00:00.000Z</LastModified>"
        f"<ETag>{escape(tag_of(content), {chr(34): '&quot;'})}</ETag><Size>{len(content)}</Size>"
        "<StorageClass>STANDARD</StorageClass></Contents>"
        for name, content in zip(names[start:end], contents[start:end], strict=True)
    )
    more = f"<NextContinuationToken>{end}</NextContinuationToken>" if end < len(names) else ""
    xml = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
        f"<Name>{BUCKET}</Name><Prefix></Prefix><KeyCount>{len(names[start:end])}</KeyCount><MaxKeys>{LISTED_AT_ONCE}</MaxKeys>"
        f"<EncodingType>url</EncodingType><IsTruncated>{str(bool(more)).lower()}</IsTruncated>{more}{rows}</ListBucketResult>"
    )
    return answer(xml.encode(), b"application/xml")


class Connection(asyncio.Protocol):
    """Answers what is asked over one connection, one after the other."""

    def __init__(self, objects: dict[bytes, bytes], listings: dict[int, bytes], seconds: float):
        self._objects, self._listings, self._seconds = objects, listings, seconds
        self._asked = b""
        self._call_later = asyncio.get_running_loop().call_later

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._write = transport.write  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        asked = self._asked + data
        while (end := asked.find(b"\r\n\r\n")) >= 0:
            target, _, query = asked[4 : asked.index(b" ", 4)].partition(b"?")
            asked = asked[end + 4 :]
            if b"list-type=2" in query:
                token = TOKEN.search(query)
                found = self._listings[int(token[1]) if token else 0]
            else:
                found = self._objects.get(target, NOT_FOUND)
            self._call_later(self._seconds, self._write, found)
        self._asked = asked


async def serve(folder: Path, port: int, seconds: float) -> None:
    """Serve a folder's files at `port`, or at a free one, for ever."""
    paths = sorted(folder.iterdir())
    names, contents = [path.name for path in paths], [path.read_bytes() for path in paths]
    objects = {
        f"/{BUCKET}/{quote(name)}".encode(): answer(content, b"text/plain", tag_of(content))
        for name, content in zip(names, contents, strict=True)
    }
    listings = {start: listing(names, contents, start) for start in range(0, len(names), LISTED_AT_ONCE)}
    server = await asyncio.get_running_loop().create_server(
        lambda: Connection(objects, listings, seconds), LOOPBACK, port, backlog=BACKLOG
    )
    sys.stdout.write(f"http://{LOOPBACK}:{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


def main() -> int:
    parser = argparse.ArgumentParser(description="Serve a folder's files as S3 does, with latency.")
    parser.add_argument("folder", type=Path, metavar="LOGS_FOLDER")
    parser.add_argument("--ms", type=float, default=10, help="that each answer is held back (default: %(default)s)")
    parser.add_argument("--port", type=int, default=0, help="to listen at (default: a free one)")
    asked = parser.parse_args()
    try:
        asyncio.run(serve(asked.folder, asked.port, asked.ms / 1000))
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
