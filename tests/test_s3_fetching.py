"""Small objects of S3 are fetched by obstore or by boto3: the same content, the same messages, the same credentials."""

import gzip
import os
import re
import shutil
import signal
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.loaders import create_loader
from botocore.session import get_session

from footfall.errors import LogGone, SourceError
from footfall.records import LogFile
from footfall.sources import find_logs, s3, s3_obstore
from footfall.sources.s3_obstore import FAILURES, Listed, bucket_of
from footfall.sources.s3_obstore import Bucket as Place

from .builders import line, name, patched, run
from .conftest import REGION, Bucket, free_port, required
from .microburst import Microburst, faults_on_the_wire
from .relay import Relay, relay

pytestmark = pytest.mark.usefixtures("here")

# Keys that a path of obstore's cannot be, and others that something on the way might take for what they are not.
NO_PATHS = ["/a", "//a", "a//b", ".", "..", "a/.", "a/..", "a/./b", "a/../b", "tab\tkey", "line\nkey", "\x01", "\x7f"]
PATHS = [
    "a", "a b", "a+b", "a%20b", "a%2Fb", "%", "%zz", "%2e%2e/a", "...", "a/...", " a", "a ", "a/ /b", "a\\b", "a?b=c", "a#b",
    "a&b;c=d", "a'b\"c", "<a>", "a*b~c", "a|b^c`d{e}[f]", "a:b@c,d$e!f(g)", "caf\u00e9", "e\u0301", "\u65e5\u672c",
    "\U0001f600", "a\u00a0b", "a\u2028b", "\ufffe", "x" * 1000,
]  # fmt: skip


DESCRIPTIONS = create_loader()


def start_anew() -> None:
    """As a new process would, but for botocore's descriptions of services, which take longer to read than all the rest."""
    session = get_session()
    session.register_component("data_loader", DESCRIPTIONS)
    boto3.setup_default_session(botocore_session=session)
    s3._client.cache_clear()
    s3_obstore._fetcher.cache_clear()


@pytest.fixture(autouse=True)
def leave_nothing() -> Iterator[None]:
    """Who signed in here is nobody elsewhere."""
    yield
    start_anew()


@pytest.fixture(params=["obstore", "boto3"])
def by(request: pytest.FixtureRequest, bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> str:
    """Who fetches: obstore, or boto3 since there is no obstore."""
    if request.param == "boto3":
        monkeypatch.setitem(sys.modules, "obstore", None)
    start_anew()
    return str(request.param)


@pytest.fixture
def asked_of_boto3() -> Callable[[], list[str]]:
    """Says which objects boto3 was asked for since it was made."""
    keys: list[str] = []
    watched: list[Any] = []

    def watch() -> list[str]:
        if s3.client() not in watched:
            watched.append(s3.client())
            s3.client().meta.events.register(
                "before-parameter-build.s3.GetObject", lambda params, **_: keys.append(params["Key"])
            )
        return keys

    return watch


def fetched(file: LogFile) -> bytes:
    assert file.fetch is not None
    return file.fetch()


def only(files: Iterator[LogFile]) -> LogFile:
    (file,) = files
    return file


# What is fetched


def test_every_key_is_fetched_exactly(by: str, bucket: Bucket, between: Relay, asked_of_boto3: Callable[[], list[str]]) -> None:
    keys = NO_PATHS + PATHS
    for number, key in enumerate(keys):
        bucket.put(key, f"content {number}".encode())
    asked = asked_of_boto3()

    found = {file.place.removeprefix(bucket.url()): fetched(file) for file in find_logs(bucket.url())}

    assert found == {key: f"content {number}".encode() for number, key in enumerate(keys)}
    assert sorted(asked) == sorted(keys if by == "boto3" else NO_PATHS)
    assert sorted(agents(between)) == ["Boto3"] * (1 + len(asked)) + ["objec"] * (len(keys) - len(asked))


@pytest.mark.parametrize("content", [b"", b"\0", gzip.compress(b"packed\n" * 1000), b"a line\n" * 100_000], ids=len)
def test_content_is_fetched_as_it_lies_there(
    by: str, bucket: Bucket, asked_of_boto3: Callable[[], list[str]], content: bytes
) -> None:
    bucket.put(name(1), content)
    asked = asked_of_boto3()

    assert fetched(only(find_logs(bucket.url()))) == content
    assert asked == ([name(1)] if by == "boto3" else [])


def test_a_bucket_may_have_dots_in_its_name(by: str, bucket: Bucket, asked_of_boto3: Callable[[], list[str]]) -> None:
    dotted = bucket._replace(name=f"www.{bucket.name}.example")
    bucket.client.create_bucket(Bucket=dotted.name, CreateBucketConfiguration={"LocationConstraint": REGION})
    dotted.put(name(1), b"content")
    asked = asked_of_boto3()

    assert fetched(only(find_logs(dotted.url()))) == b"content"
    assert asked == ([name(1)] if by == "boto3" else [])


def test_an_import_counts_the_same_without_obstore(bucket: Bucket) -> None:
    for number in range(205):
        content = line(f"p{number % 7}/") + b"\n"
        bucket.put(f"logs/{name(number)}", gzip.compress(content) if number % 3 else content)
    missing = patched("sys.modules['obstore'] = None")

    told = [
        run("import", bucket.url("logs/"), "--store", f"sqlite:{number}.db", "--json", "--jobs", jobs, command=command).json
        for number, (command, jobs) in enumerate([(patched(""), "1"), (patched(""), "2"), (missing, "1"), (missing, "2")])
    ]

    assert told == 4 * [told[0]]
    assert (told[0]["files"]["new"], told[0]["views"]) == (205, 205)


# What goes wrong


@pytest.fixture(scope="module")
def microburst(aws: str) -> Iterator[Microburst]:
    with faults_on_the_wire(aws) as proxy:
        yield proxy


@pytest.fixture
def faulty(by: str, bucket: Bucket, microburst: Microburst, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """From now on this happens to requests for objects."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", microburst.url)
    monkeypatch.setattr(s3, "ATTEMPTS", 3)
    start_anew()

    def happens(rule: Mapping[str, Any]) -> None:
        microburst.control("POST", "rules", [{"service": "s3", "operation": "GetObject", **rule}])

    return happens


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ({"code": "AccessDenied", "status": 403}, "access denied .*s3:GetObject"),
        ({"code": "InvalidObjectState", "status": 403}, "archived .*restore"),
        ({"code": "ExpiredToken", "status": 400}, "credentials have expired"),
        ({"code": "SlowDown", "status": 503}, "is throttling requests"),
        ({"code": "InternalError", "status": 500}, "S3 has a temporary failure"),
    ],
    ids=lambda value: value["code"] if isinstance(value, dict) else "",
)
def test_an_error_is_told_with_its_remedy(
    bucket: Bucket, faulty: Callable[..., None], error: Mapping[str, Any], said: str
) -> None:
    bucket.put(name(1), b"content")
    file = only(find_logs(bucket.url()))
    faulty({"error": error})

    with pytest.raises(SourceError, match=f"{bucket.url(name(1))}: .*{said}"):
        fetched(file)


@pytest.mark.parametrize("instead", [b"", b"a line\na li", 503, 500], ids=["dropped", "cut off", "throttled", "failed"])
def test_what_goes_wrong_once_is_tried_again(
    by: str, bucket: Bucket, monkeypatch: pytest.MonkeyPatch, instead: bytes | int
) -> None:
    content, wrong = b"a line\n" * 1000, [instead]
    bucket.put(name(1), content)

    def meet(_: int, when: str, answer: bytes) -> bytes | int | None:
        return wrong.pop() if wrong and answer == content else None

    with relay(bucket.client.meta.endpoint_url, meet) as between:
        monkeypatch.setenv("AWS_ENDPOINT_URL", between.endpoint)
        start_anew()

        assert fetched(only(find_logs(bucket.url()))) == content
    assert not wrong


def test_an_object_that_is_deleted_after_it_was_listed_is_gone(by: str, bucket: Bucket) -> None:
    bucket.put(name(1), b"content")
    file = only(find_logs(bucket.url()))
    bucket.delete(name(1))

    with pytest.raises(LogGone, match="deleted in the meantime"):
        fetched(file)


@pytest.mark.parametrize("content", [b"new", b"newer and longer"])
def test_an_object_that_is_written_anew_after_it_was_listed_is_fetched_as_it_is(
    by: str, bucket: Bucket, content: bytes
) -> None:
    bucket.put(name(1), b"old")
    file = only(find_logs(bucket.url()))
    bucket.put(name(1), content)

    assert fetched(file) == content


def test_what_takes_obstore_too_long_is_left_to_boto3(
    bucket: Bucket, asked_of_boto3: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket.put(name(1), b"content")
    monkeypatch.setattr(s3_obstore, "WHOLE_SECONDS", 0)
    start_anew()
    asked = asked_of_boto3()

    assert fetched(only(find_logs(bucket.url()))) == b"content"
    assert asked == [name(1)]


def test_where_obstore_keeps_failing_it_is_left_alone(bucket: Bucket, between: Relay) -> None:
    bucket.put(name(1), b"content")
    known = listed(only(find_logs(bucket.url())))
    other = known._replace(tag="of another content")
    failures = [other] * (FAILURES - 1)
    before = len(between.sent)

    answers = [s3_obstore.fetch(each, s3._session) for each in [*failures, known, *failures, known, *failures, other, known]]

    assert [answer for answer in answers if answer] == [b"content"] * 2
    assert answers[-1] is None
    assert len(between.sent) - before == len(answers) - 1


def test_a_fork_leaves_obstore_alone_whose_threads_it_lacks(
    bucket: Bucket, asked_of_boto3: Callable[[], list[str]], by: str
) -> None:
    bucket.put(name(1), b"content")
    file, (reading, writing) = only(find_logs(bucket.url())), os.pipe()
    fetched(file)

    if not os.fork():
        signal.alarm(60)
        asked = asked_of_boto3()
        os.write(writing, fetched(file) + b" by boto3" * len(asked))
        os._exit(0)
    os.wait()

    assert os.read(reading, 100) == b"content by boto3"


# How it is set up


@pytest.fixture
def between(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> Iterator[Relay]:
    """Sees what is sent to S3."""
    with relay(bucket.client.meta.endpoint_url, lambda *_: None) as made:
        monkeypatch.setenv("AWS_ENDPOINT_URL", made.endpoint)
        start_anew()
        yield made


def listed(file: LogFile) -> Listed:
    assert isinstance(file.fetch, partial)
    found: Listed = file.fetch.args[1]
    return found


def agents(made: Relay) -> list[str]:
    """What asked: Boto3 or object_store."""
    return [headers["User-Agent"][:5] for _, headers in made.sent]


def senders(made: Relay) -> dict[str, set[str]]:
    """Who sent what: the credentials that boto3's requests have, and obstore's."""
    found: dict[str, set[str]] = {"boto3": set(), "obstore": set()}
    for _, headers in made.sent:
        who = "obstore" if headers["User-Agent"].startswith("object_store") else "boto3"
        scope = headers["Authorization"].split("Credential=")[1].split(",")[0].split("/")
        found[who].add(" ".join([scope[0], scope[2], headers.get("X-Amz-Security-Token", "")]).strip())
    return found


def test_a_request_of_obstore_is_signed_as_boto3_would(bucket: Bucket, between: Relay) -> None:
    for key in PATHS:
        bucket.put(key, b"content")

    for file in find_logs(bucket.url()):
        fetched(file)

    sent = [(path, headers) for path, headers in between.sent if headers["User-Agent"].startswith("object_store")]
    assert len(sent) == len(PATHS)
    for path, headers in sent:
        authorization = headers["Authorization"]
        signed = authorization.split("SignedHeaders=")[1].split(",")[0].split(";")
        asked = AWSRequest("GET", between.endpoint + path, {each: headers[each] for each in signed})
        asked.context["timestamp"] = headers["X-Amz-Date"]
        signer = S3SigV4Auth(Credentials("test", "test"), "s3", REGION)
        text = signer.string_to_sign(asked, signer.canonical_request(asked))
        assert authorization.endswith(f"Signature={signer.signature(text, asked)}")


PROFILE = "[profile logs]\nregion = eu-north-1\n"
PROCESS = (
    "import json, sys\n"
    "print(json.dumps({'Version': 1, 'AccessKeyId': 'FROMPROCESS', 'SecretAccessKey': 's', 'SessionToken': 'token'}))\n"
)


@pytest.mark.parametrize(
    ("config", "credentials", "sent"),
    [
        (PROFILE, "[logs]\naws_access_key_id = OFPROFILE\naws_secret_access_key = s\n", f"OFPROFILE {REGION}"),
        (f"{PROFILE}credential_process = {sys.executable} process.py\n", "", f"FROMPROCESS {REGION} token"),
        (
            f"{PROFILE}role_arn = arn:aws:iam::000000000000:role/reader\nsource_profile = owner\n",
            "[owner]\naws_access_key_id = OWNER\naws_secret_access_key = s\n",
            f"ASIA.* {REGION} .+",
        ),
    ],
    ids=["profile", "process", "role"],
)
def test_a_profile_is_used_as_boto3_uses_it(
    bucket: Bucket, between: Relay, monkeypatch: pytest.MonkeyPatch, config: str, credentials: str, sent: str
) -> None:
    bucket.put(name(1), b"content")
    for file, text in [("config", config), ("credentials", credentials), ("process.py", PROCESS)]:
        Path(file).write_text(text)
    for variable in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(variable)
    monkeypatch.setenv("AWS_CONFIG_FILE", "config")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "credentials")
    monkeypatch.setenv("AWS_PROFILE", "logs")
    start_anew()

    assert fetched(only(find_logs(bucket.url()))) == b"content"
    (by_obstore,) = senders(between)["obstore"]
    assert re.fullmatch(sent, by_obstore)
    # The bucket is not where the profile says, as boto3 finds out.
    assert {by_obstore, by_obstore.replace(REGION, "eu-north-1")} <= senders(between)["boto3"]


def test_credentials_that_expire_are_renewed_for_obstore_too(
    bucket: Bucket, between: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket.put(name(1), b"content")
    Path("process.py").write_text(
        "import json, pathlib, datetime\n"
        "count = pathlib.Path('count')\n"
        "count.write_text(count.read_text() + 'I' if count.exists() else 'I')\n"
        "soon = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=60)\n"
        "print(json.dumps({'Version': 1, 'AccessKeyId': 'KEY' + count.read_text(), 'SecretAccessKey': 's', 'SessionToken': 't',"
        " 'Expiration': soon.isoformat()}))\n"
    )
    Path("config").write_text(f"[default]\ncredential_process = {sys.executable} process.py\n")
    for variable in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(variable)
    monkeypatch.setenv("AWS_CONFIG_FILE", "config")
    monkeypatch.setattr(s3_obstore, "CREDENTIALS_SECONDS", 0)
    start_anew()
    file = only(find_logs(bucket.url()))

    fetched(file), fetched(file)

    assert len(senders(between)["obstore"]) == 2


def test_an_endpoint_of_s3_alone_counts_before_one_of_all_services(
    bucket: Bucket, between: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket.put(name(1), b"content")
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", between.endpoint)
    start_anew()

    assert fetched(only(find_logs(bucket.url()))) == b"content"
    assert agents(between) == ["Boto3", "objec"]


def test_an_endpoint_may_stand_in_the_configuration(bucket: Bucket, between: Relay, monkeypatch: pytest.MonkeyPatch) -> None:
    bucket.put(name(1), b"content")
    Path("config").write_text(f"[default]\nservices = own\n[services own]\ns3 =\n  endpoint_url = {between.endpoint}\n")
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    monkeypatch.setenv("AWS_CONFIG_FILE", "config")
    start_anew()

    assert fetched(only(find_logs(bucket.url()))) == b"content"
    assert agents(between) == ["Boto3", "objec"]


def test_a_proxy_is_used_and_left_aside_as_boto3_does(bucket: Bucket, between: Relay, monkeypatch: pytest.MonkeyPatch) -> None:
    bucket.put(name(1), b"content")
    monkeypatch.setenv("http_proxy", between.endpoint)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://s3.example.test")
    start_anew()
    fetched(only(find_logs(bucket.url())))
    sent = len(between.sent)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", str(bucket.client.meta.endpoint_url))
    start_anew()
    fetched(only(find_logs(bucket.url())))

    assert agents(between) == ["Boto3", "objec"]
    assert sent == len(between.sent)


@pytest.fixture
def encrypted(between: Relay, tmp_path: Path) -> str:
    """The relay's endpoint by TLS, whose certificate is of an authority of our own: see `authority.pem`."""
    required("openssl", shutil.which("openssl") is not None)
    new = ["openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj"]
    extensions = "basicConstraints=CA:FALSE\nsubjectAltName=IP:127.0.0.1\n"
    Path("extensions").write_text(extensions)
    for command in (
        [*new, "/CN=authority", "-x509", "-keyout", "authority.key", "-out", "authority.pem"],
        [*new, "/CN=127.0.0.1", "-keyout", "server.key", "-out", "server.csr"],
        ["openssl", "x509", "-req", "-in", "server.csr", "-CA", "authority.pem", "-CAkey", "authority.key", "-CAcreateserial",
         "-extfile", "extensions", "-out", "server.pem"],
    ):  # fmt: skip
        subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain("server.pem", "server.key")
    between.socket = context.wrap_socket(between.socket, server_side=True)
    return between.endpoint.replace("http:", "https:")


@pytest.mark.parametrize("variable", ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"])
def test_an_authority_of_one_s_own_is_trusted_as_boto3_does(
    bucket: Bucket, between: Relay, encrypted: str, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    bucket.put(name(1), b"content")
    monkeypatch.setenv("AWS_ENDPOINT_URL", encrypted)
    monkeypatch.setenv(variable, "authority.pem")
    start_anew()

    assert fetched(only(find_logs(bucket.url()))) == b"content"
    assert agents(between) == ["Boto3", "objec"]


@pytest.mark.parametrize(
    ("url", "authorization", "bucket"),
    [
        (
            "https://logs.s3.eu-west-1.amazonaws.com/?list-type=2&prefix=a",
            "AWS4-HMAC-SHA256 Credential=AKIA/20261126/eu-west-1/s3/aws4_request, SignedHeaders=host, Signature=0",
            Place("https://logs.s3.eu-west-1.amazonaws.com", "eu-west-1"),
        ),
        (
            "https://s3.us-east-1.amazonaws.com/logs.example.org?list-type=2",
            b"AWS4-HMAC-SHA256 Credential=AKIA/20261126/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0",
            Place("https://s3.us-east-1.amazonaws.com/logs.example.org", "us-east-1"),
        ),
        ("https://logs.s3.amazonaws.com/", None, None),
        ("https://a", "AWS4-HMAC-SHA256 Credential=AKIA/20261126/eu-west-1/s3express/aws4_request, SignedHeaders=host", None),
        ("https://a", "AWS4-ECDSA-P256-SHA256 Credential=AKIA/20261126/s3/aws4_request, SignedHeaders=host", None),
    ],
    ids=["by its host", "by its path", "unsigned", "S3 Express", "for several regions"],
)
def test_objects_are_asked_for_where_the_listing_was(url: str, authorization: str | bytes | None, bucket: Place | None) -> None:
    headers = {"Authorization": authorization} if authorization else {}

    assert bucket_of(SimpleNamespace(url=url, headers=headers)) == bucket
