"""
AWS's side of a function: the runtime API, and AWS's own runtime client, which runs a handler from an unpacked zip.

The client's process knows what AWS's runtime has, the client itself and boto3, and the zip; nothing of this checkout.
"""

import http.server
import json
import os
import queue
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import distribution
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

from packaging.requirements import Requirement

IN_RUNTIME = ("awslambdaric", "boto3")
PREFIX = "/2018-06-01/runtime/"


def unpack(package: Path, to: Path) -> Path:
    """The zip as AWS unpacks it, beside what its runtime has; the folder of both."""
    with zipfile.ZipFile(package) as zipped:
        zipped.extractall(to / "task")
    (to / "runtime").mkdir()
    waiting, there = list(IN_RUNTIME), set[str]()
    while waiting:
        name = waiting.pop()
        if name in there:
            continue
        there.add(name)
        found = distribution(name)
        for top in {file.parts[0] for file in found.files or [] if file.parts[0] not in ("..", "bin", "__pycache__")}:
            if not (to / "runtime" / top).exists():
                (to / "runtime" / top).symlink_to(Path(str(found.locate_file(top))))
        wanted = [Requirement(text) for text in found.requires or []]
        waiting += [each.name for each in wanted if each.marker is None or each.marker.evaluate({"extra": ""})]
    return to


class Said(NamedTuple):
    """How a call ended."""

    answer: Any = None
    error: dict[str, Any] | None = None
    is_killed: bool = False

    @property
    def is_well(self) -> bool:
        """It returned."""
        return self.error is None and not self.is_killed


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "_Server"

    def do_GET(self) -> None:
        call = self.server.calls.get()
        if call is None:
            self.close_connection = True
            return
        number, event, deadline = call
        self.send_response(200)
        for name, value in {
            "Lambda-Runtime-Aws-Request-Id": number,
            "Lambda-Runtime-Deadline-Ms": str(deadline),
            "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:eu-west-1:000000000000:function:test",
            "Lambda-Runtime-Trace-Id": "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0",
            "Content-Type": "application/json",
            "Content-Length": str(len(event)),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(event)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"null")
        is_answer = self.path.endswith("/response")
        self.server.said.put(Said(answer=body) if is_answer else Said(error=body))
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.calls: queue.Queue[tuple[str, bytes, int] | None] = queue.Queue()
        self.said: queue.Queue[Said] = queue.Queue()

    def handle_error(self, *_: Any) -> None:
        """A client that is killed in the midst is what the tests want."""


class Function:
    """A function of an unpacked zip, in one process at a time, as AWS keeps it: started at the first call, and warm then."""

    def __init__(self, unpacked: Path, handler: str, environment: Mapping[str, str]):
        self._unpacked, self._handler = unpacked, handler if "." in handler else f"handlers.{handler}"
        self._environment = dict(environment)
        self._server = _Server()
        self.process: subprocess.Popen[bytes] | None = None
        self.log = unpacked / f"{uuid4().hex}.log"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def call(self, event: Any, seconds: float = 300) -> Said:
        """Call it, and wait until it answers or dies; `seconds` is what it believes to have."""
        if self.process is None or self.process.poll() is not None:
            self._start()
        assert self.process is not None
        self._server.calls.put((str(uuid4()), json.dumps(event).encode(), int((time.time() + seconds) * 1000)))
        while True:
            try:
                return self._server.said.get(timeout=0.05)
            except queue.Empty:
                if self.process.poll() is not None:
                    self._forget()
                    return Said(is_killed=True)

    def _start(self) -> None:
        command = [sys.executable, "-S", "-s", "-m", "awslambdaric", f"footfall.functions.{self._handler}"]
        environment = {
            **self._environment,
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{self._server.server_port}",
            "AWS_LAMBDA_FUNCTION_NAME": "test",
            "LAMBDA_TASK_ROOT": str(self._unpacked / "task"),
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{self._unpacked / 'task'}{os.pathsep}{self._unpacked / 'runtime'}",
        }
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                command, cwd=self._unpacked / "task", env=environment, stdout=log, stderr=subprocess.STDOUT
            )

    def _forget(self) -> None:
        """What a dead process left: a connection that waits for a call, and calls that nobody took."""
        self.process = None
        while not self._server.calls.empty():
            self._server.calls.get_nowait()
        self._server.calls.put(None)
        time.sleep(0.01)
        while not self._server.calls.empty():
            self._server.calls.get_nowait()

    def lines(self) -> list[dict[str, Any]]:
        """What it has written, as far as that is JSON."""
        return [json.loads(line) for line in self.log.read_text("utf-8").splitlines() if line.startswith("{")]

    def stop(self) -> None:
        """End its process, and the API."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def function(unpacked: Path, handler: str, environment: Mapping[str, str]) -> Iterator[Function]:
    """A function, as long as it is needed."""
    made = Function(unpacked, handler, environment)
    try:
        yield made
    finally:
        made.stop()
