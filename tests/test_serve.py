"""`footfall serve` among connections that take long or say nothing. Each of them is to this machine, and is ended."""

import re
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from http.client import HTTPConnection

import httpx
import pytest

from .builders import ask, clean_environment, line, patched

HALF = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: "
WHOLE = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
PATIENCE = 60  # seconds; only guards against hanging
NEVER = 3_600

Server = Callable[..., int]


@pytest.fixture
def server(here) -> Iterator[Server]:
    """Starts `footfall serve` with these limits and flags; its port."""
    assert ask("import", "-", stdin=line()).exit_code == 0
    with ExitStack() as ended:

        def start(*flags: str, **limits: float) -> int:
            code = "from footfall.cli import connections\n" + "".join(
                f"connections.{name} = {value}\n" for name, value in limits.items()
            )
            process = subprocess.Popen(
                [*patched(code), "serve", "--port", "0", *flags], env=clean_environment(), stderr=subprocess.PIPE, text=True
            )
            ended.callback(process.communicate)
            ended.callback(process.kill)
            assert process.stderr is not None
            told = process.stderr.readline()
            found = re.search(r"http://.*:(\d+)/", told)
            assert found, told
            return int(found[1])

        yield start


@pytest.fixture
def connect() -> Iterator[Callable[[int, bytes], socket.socket]]:
    """Connects to a port of loopback, and sends this."""
    with ExitStack() as ended:

        def open_(port: int, sent: bytes) -> socket.socket:
            connection = ended.enter_context(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE))
            connection.sendall(sent)
            return connection

        yield open_


def is_ended(connection: socket.socket) -> bool:
    """Waits until the other side ends the connection; whatever it sends before is read."""
    try:
        while connection.recv(65_536):
            pass
    except ConnectionResetError:
        pass
    return True


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_any_address_of_loopback_answers_to_itself(server: Server, host: str) -> None:
    port = server("--host", host)

    assert httpx.get(f"http://{f'[{host}]' if ':' in host else host}:{port}/pagetotals").json() == {"blog/a": 1}


@pytest.mark.parametrize("sent", [b"", b"G", HALF, b"\r\n", WHOLE + HALF])
def test_a_request_that_does_not_come_ends_the_connection(server: Server, connect, sent: bytes) -> None:
    port = server(REQUEST_SECONDS=0.3)

    assert is_ended(connect(port, sent))


def test_a_body_that_does_not_come_ends_the_connection(server: Server, connect) -> None:
    port = server(REQUEST_SECONDS=0.3)

    assert is_ended(connect(port, b"POST /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9999\r\n\r\nx"))


def test_an_answer_that_takes_too_long_ends_the_connection(server: Server, connect) -> None:
    port = server(ANSWER_SECONDS=0, REQUEST_SECONDS=NEVER)

    assert is_ended(connect(port, WHOLE.replace(b"/healthz", b"/api/v1/stats/page")))


def test_half_requests_leave_room_for_whole_ones(server: Server, connect) -> None:
    port = server(REQUEST_SECONDS=NEVER, MOST_CONNECTIONS=20)
    first, *_ = [connect(port, HALF) for _ in range(80)]

    answers = [httpx.get(f"http://127.0.0.1:{port}/pagetotals", timeout=PATIENCE).status_code for _ in range(30)]

    assert answers == [200] * 30
    assert is_ended(first)  # as it has kept the server waiting longest


def test_who_asks_again_and_again_keeps_the_connection(server: Server) -> None:
    with closing(HTTPConnection("127.0.0.1", server(REQUEST_SECONDS=NEVER, ANSWER_SECONDS=NEVER), timeout=PATIENCE)) as asked:
        asked.connect()
        asked.auto_open = 0  # which would connect again

        for _ in range(20):
            asked.request("GET", "/healthz")
            assert asked.getresponse().read() == b'{"status": "ok"}'
