"""Something other than AWS answers, in HTML: a filtering proxy, a portal to sign in at, a wrong endpoint."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from .builders import run, says

PAGE = b"<html><body>Please log in<br></body></html>"


@pytest.fixture(params=[200, 403])
def environment(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """Where every question to AWS is answered by that page."""

    class Portal(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(request.param)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(PAGE)))
            self.end_headers()
            self.wfile.write(PAGE)

        do_PUT = do_POST = do_GET  # noqa: N815 - likewise

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Portal) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}", "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "eu-west-1",
        }  # fmt: skip
        server.shutdown()


WHO = "something other than AWS answered (in HTML)"


@pytest.mark.parametrize(
    "command",
    [
        ("import", "s3://my-logs/2026"),
        ("pages", "--store", "dynamodb:counts"),
        ("table", "info", "--store", "dynamodb:counts"),
        ("table", "create", "--store", "dynamodb:counts"),
        ("import", "dynamodb:PageViews", "--site", "www.example.org"),
    ],
)
def test_a_page_in_html_is_told_as_such(command, environment, tmp_path):
    says(run(*command, env=environment, cwd=tmp_path), WHO, "AWS_ENDPOINT_URL", code=1)


def test_doctor_says_it_once_and_that_other_checks_need_it_too(environment, tmp_path):
    answer = run("doctor", "--logs", "s3://my-logs/", "--site", "www.example.org", env=environment, cwd=tmp_path)

    assert answer.exit_code == 1
    assert "Traceback" not in answer.stderr
    told = [each for each in answer.stdout.splitlines() if WHO in each]
    assert len(told) == 1
    assert any(each.startswith("skipped") and each.endswith("see access") for each in answer.stdout.splitlines())
    assert "policy" not in answer.stdout  # it is no refusal
