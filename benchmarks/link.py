"""
A link with latency: forwards connections to an emulator of AWS, and holds each answer back for so many milliseconds.

    python benchmarks/link.py http://127.0.0.1:4566 --ms 10     prints its own endpoint, and runs until it is ended

or, in a benchmark, as a process of its own:

    with link(endpoint, ms=10) as slow:  # for AWS_ENDPOINT_URL, or `dynamodb:TABLE?endpoint=`

S3 and DynamoDB answer in 5 to 30 ms, however many ask at once; an emulator answers at once, as fast as this machine's
processors let it. Through the link a client that asks one thing after the other waits as it would for AWS.

Bytes are held back, in one direction: an answer begins so much later, and then comes as fast as it was sent. So
connections are kept alive as both sides wish, and nothing of HTTP is read. Any number of connections wait side by side.
To set one up costs nothing here; over TLS it takes the time of two or three answers.
"""

import argparse
import asyncio
import subprocess
import sys
from asyncio import StreamReader, StreamWriter
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

LOOPBACK = "127.0.0.1"
READ_BYTES = 1 << 18
BACKLOG = 1024  # connections that are made at the same moment


@contextmanager
def link(endpoint: str, ms: float) -> Iterator[str]:
    """An endpoint that answers as `endpoint` does, `ms` later, for as long as it is needed."""
    command = [sys.executable, __file__, endpoint, "--ms", str(ms)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield next(process.stdout or iter(())).strip()
        finally:
            process.kill()


async def forward(endpoint: str, port: int, seconds: float) -> None:
    """Forward what comes to `port`, or to a free one, for ever."""
    to = urlsplit(endpoint)

    async def join(asked: StreamReader, answered: StreamWriter) -> None:
        try:
            answers, asks = await asyncio.open_connection(to.hostname, to.port)
        except OSError:
            answered.transport.abort()
            return
        await asyncio.gather(carry(asked, asks, 0), carry(answers, answered, seconds))

    server = await asyncio.start_server(join, LOOPBACK, port, backlog=BACKLOG)
    sys.stdout.write(f"http://{LOOPBACK}:{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


async def carry(source: StreamReader, to: StreamWriter, seconds: float) -> None:
    """What comes from `source` goes on, each piece so much later; when there is no more, so does the end."""
    call_later = asyncio.get_running_loop().call_later
    try:
        while content := await source.read(READ_BYTES):
            call_later(seconds, to.write, content)
            await to.drain()  # who does not read is not read for
    except OSError:
        pass  # one of them is gone, which the other is told
    call_later(seconds, to.close)


def main() -> int:
    parser = argparse.ArgumentParser(description="Forward connections, with latency.")
    parser.add_argument("endpoint", help="of the emulator, http://127.0.0.1:PORT")
    parser.add_argument("--ms", type=float, default=10, help="that each answer is held back (default: %(default)s)")
    parser.add_argument("--port", type=int, default=0, help="to listen at (default: a free one)")
    asked = parser.parse_args()
    try:
        asyncio.run(forward(asked.endpoint, asked.port, asked.ms / 1000))
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
