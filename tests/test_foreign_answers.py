"""Something other than AWS answers: a filtering proxy, a portal to sign in at, a wrong endpoint; or its answer is cut off."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from .builders import ask, line, run, says

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
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}", "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "eu-west-1",
        }  # fmt: skip
        server.shutdown()


WHO = "something other than AWS answered (in HTML)"


@pytest.mark.parametrize(
    "command",
    [
        ("pages", "--store", "dynamodb:counts"),
        ("table", "info", "--store", "dynamodb:counts"),
        ("table", "create", "--store", "dynamodb:counts"),
        ("import", "dynamodb:PageViews", "--site", "www.example.org"),
    ],
)
def test_a_page_in_html_is_told_as_such(command, environment, someone, here):
    says(ask(*command, env=environment), WHO, "AWS_ENDPOINT_URL", code=1)


def test_a_page_in_html_is_told_of_s3_too(environment, tmp_path):
    says(run("import", "s3://my-logs/2026", env=environment, cwd=tmp_path), WHO, "AWS_ENDPOINT_URL", code=1)


def test_doctor_says_it_once_and_that_other_checks_need_it_too(environment, tmp_path):
    answer = run("doctor", "--logs", "s3://my-logs/", "--site", "www.example.org", env=environment, cwd=tmp_path)

    assert answer.exit_code == 1
    assert "Traceback" not in answer.stderr
    told = [each for each in answer.stdout.splitlines() if WHO in each]
    assert len(told) == 1
    assert any(each.startswith("skipped") and each.endswith("see access") for each in answer.stdout.splitlines())
    assert "policy" not in answer.stdout  # it is not a refusal


# Answers as they come over the wire, none of which is DynamoDB's.
J = b"Content-Type: application/x-amz-json-1.0\r\n"
NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\n"


def whole(head: bytes, body: bytes) -> bytes:
    return head + b"Content-Length: %d\r\n\r\n" % len(body) + body


ODD = {
    "text": whole(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n", b"hello"),
    "no type": whole(b"HTTP/1.1 200 OK\r\n", b"ok"),
    "another's JSON": whole(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n", b'{"hello": 1}'),
    "nothing": whole(b"HTTP/1.1 200 OK\r\n" + J, b""),
    "bytes": whole(b"HTTP/1.1 200 OK\r\n" + J, b"\xff\xfe\x00"),
    **{json: whole(b"HTTP/1.1 200 OK\r\n" + J, json.encode()) for json in (
        "{}", "[]", "[1]", "null", '"x"', "7", '{"Items": null}', '{"Items": 5}', '{"Items": "abc"}', '{"Items": [1]}',
        '{"Items": [{"a": 1}]}', '{"Items": [{"a": {"S": "b"}}]}', '{"Items": [], "ConsumedCapacity": {"CapacityUnits": "x"}}',
        '{"Items": [], "ConsumedCapacity": [7]}', '{"Responses": {}, "Items": [{"PageName": {"N": "1"}}]}',
        '{"Items": [], "LastEvaluatedKey": 5}', '{"message": "hello"}', "{" * 9_000 + "}",
    )},
    "404 in JSON": whole(NOT_FOUND, b'{"error": "not found"}'),
    "404 with nothing": whole(b"HTTP/1.1 404 Not Found\r\n", b""),
    "403 in XML": whole(b"HTTP/1.1 403 Forbidden\r\nContent-Type: application/xml\r\n", b"<Error><Code>No</Code></Error>"),
    "400 of a number": whole(b"HTTP/1.1 400 Bad Request\r\n" + J, b'{"__type": 5, "message": 7}'),
    "400 of null": whole(b"HTTP/1.1 400 Bad Request\r\n" + J, b"null"),
    "a redirect": whole(b"HTTP/1.1 302 Found\r\nLocation: https://login.example/\r\n", b""),
    "another checksum": whole(b"HTTP/1.1 200 OK\r\nx-amz-crc32: abc\r\n" + J, b'{"Items": []}'),
}  # fmt: skip


HALF = '{"Table": {}, "Items": [{"a": {"S": "b"}}], "Responses": {"counts": [{"a": {"S": "b"}}]}}'
ODD[HALF] = whole(b"HTTP/1.1 200 OK\r\n" + J, HALF.encode())


@contextmanager
def answering(*answers: bytes) -> Iterator[str]:
    """The endpoint of a server that gives these answers one after the other, the last of them again and again."""
    left = list(answers)

    class Odd(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            size = 0
            while (head := self.rfile.readline()) not in (b"\r\n", b""):
                if head.lower().startswith(b"content-length:"):
                    size = int(head.split(b":")[1])
            self.rfile.read(size)
            self.wfile.write(left.pop(0) if len(left) > 1 else left[0])

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Odd) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture
def someone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials, and no waiting between attempts."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setattr("footfall.stores.dynamodb.requests.LONGEST_PAUSE", 0.01)


@pytest.mark.parametrize("kind", ODD)
def test_an_answer_that_is_not_dynamodbs_is_said_in_a_sentence(kind, someone):
    with answering(ODD[kind]) as endpoint:
        answer = ask("pages", "--store", f"dynamodb:counts?region=eu-west-1&endpoint={endpoint}")

    says(answer, "something other than AWS answered", "AWS_ENDPOINT_URL", code=1)


@pytest.mark.parametrize("command", [("import", "-"), ("table", "info"), ("table", "create"), ("token", "list"), ("status",)])
@pytest.mark.parametrize("kind", ["{}", "another's JSON", "404 in JSON", HALF])
def test_so_it_is_whatever_is_asked(command, kind, someone):
    with answering(ODD[kind]) as endpoint:
        answer = ask(*command, "--store", f"dynamodb:counts?region=eu-west-1&endpoint={endpoint}", stdin=line())

    says(answer, "something other than AWS answered", code=1)


@pytest.mark.parametrize("kind", ["{}", "another's JSON", "[]"])
def test_so_it_is_of_the_articles_table(kind, someone, here):
    with answering(ODD[kind]) as endpoint:
        answer = ask("import", f"dynamodb:PageViews?region=eu-west-1&endpoint={endpoint}", "--site", "www.example.org")

    says(answer, "something other than AWS answered", code=1)


@pytest.mark.parametrize(
    "cut",
    [
        b"HTTP/1.1 200 OK\r\n" + J + b"Conte", b"HTTP/1.1 200 OK\r\nDate: ", b"HTTP/1.1 2", b"",
        b"HTTP/1.1 200 OK\r\n" + J + b"Content-Length: 99\r\n\r\n{", whole(b"HTTP/1.1 200 OK\r\n" + J, b"{"),
        whole(b"HTTP/1.1 200 OK\r\n" + J, b'{"Items": [{"Page'),
        whole(b"HTTP/1.1 200 OK\r\n" + J, b'{"Items": [{"P": {"S": "a"}'),
    ],
)  # fmt: skip
def test_a_request_whose_answer_is_cut_off_is_sent_again(cut, someone):
    with answering(cut, whole(b"HTTP/1.1 200 OK\r\n" + J, b'{"Items": [], "Count": 0, "ScannedCount": 0}')) as endpoint:
        answer = ask("pages", "--store", f"dynamodb:counts?region=eu-west-1&endpoint={endpoint}")

    assert (answer.exit_code, answer.stdout, answer.stderr) == (0, "no page was counted in this period\n", "")


ALTERED = {
    "a number that is none": '{"SortKey": {"S": "#group"}, "Group": {"N": "many"}}',
    "a text for a number": '{"SortKey": {"S": "#group"}, "Group": {"S": "7"}}',
    "a version that is none": '{"SortKey": {"S": "#settings"}, "SchemaVersion": {"N": ""}}',
    "content that is none": '{"SortKey": {"S": "#group"}, "Group": {"N": "7"}, "CountedBy": {"S": ""}, "Content": {"B": ""}}',
}


@pytest.mark.parametrize("command", [("pages",), ("status",), ("import", "-"), ("history",)])
@pytest.mark.parametrize("kind", ALTERED)
def test_an_item_that_somebody_altered_is_said_in_a_sentence(kind, command, someone):
    items = b'{"Items": [%s], "Responses": {}}' % ALTERED[kind].encode()

    with answering(whole(b"HTTP/1.1 200 OK\r\n" + J, items)) as endpoint:
        answer = ask(*command, "--store", f"dynamodb:counts?region=eu-west-1&endpoint={endpoint}", stdin=line())

    says(answer, "dynamodb:counts", "an item is not what footfall wrote", "restore the table from a backup", code=1)


def test_so_it_is_of_tokens(someone):
    with answering(whole(b"HTTP/1.1 200 OK\r\n" + J, b'{"Items": [{"SortKey": {"S": "laptop"}}]}')) as endpoint:
        answer = ask("token", "list", "--store", f"dynamodb:counts?region=eu-west-1&endpoint={endpoint}")

    says(answer, "an item is not what footfall wrote", code=1)
