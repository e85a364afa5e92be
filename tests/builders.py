"""What the tests are made of: log lines with plain defaults, log files, and footfall itself, in a process or in this one."""

import gzip
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from click.testing import CliRunner

from footfall.cache import Cache
from footfall.cli import cli
from footfall.formats import FORMATS
from footfall.formats.base import Format, Reader
from footfall.formats.pieces import PieceReader

FOOTFALL = [str(Path(sys.executable).with_name("footfall"))]
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
OWNER = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"
SITE = "www.example.com"
ARTICLE_PAGE = "blog/articles/2021-11-21-understanding-scrum-part-2"
ARTICLE_AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:106.0) Gecko/20100101 Firefox/106.0"
ARTICLE_LINE = (
    "d6ad5...6af62 www.forshaw.tech [20/Oct/2022:08:49:42 +0000] 14.161.28.234 - K6E...7N1 WEBSITE.GET.OBJECT "
    f'{ARTICLE_PAGE}/index.html "GET /{ARTICLE_PAGE}/ HTTP/1.1" 200 - 21653 21653 100 99 '
    f'"http://www.forshaw.tech/blog/tags/" "{ARTICLE_AGENT}" - LA99A...EegEE= - - - www.forshaw.tech - -'
).encode()

_numbers = count(1)


def line(
    key: str = "blog/a/index.html",
    at: str | int = "2026-10-20 08:00:00",
    *,
    bucket: str = SITE,
    remote_ip: str = "198.51.100.7",
    requester: str = "-",
    request_id: str | None = None,
    operation: str = "WEBSITE.GET.OBJECT",
    uri: str = "GET / HTTP/1.1",
    status: int | str = 200,
    error: str = "-",
    total_time: int | str = 12,
    referrer: str = "-",
    agent: str = CHROME,
    tail: str = "- hostid= - - - www.example.com - - -",
) -> bytes:
    """One record without its newline, a view of blog/a unless told otherwise; `at` is UTC; each has an id of its own."""
    when = datetime.fromtimestamp(at, UTC) if isinstance(at, int) else datetime.fromisoformat(at)
    record = request_id or f"{next(_numbers):016X}"
    return (
        f"{OWNER} {bucket} [{when:%d/%b/%Y:%H:%M:%S} +0000] {remote_ip} {requester} {record} {operation} {key} "
        f'"{uri}" {status} {error} 2048 2048 {total_time} 9 "{referrer}" "{agent}" {tail}'
    ).encode("utf-8", "surrogateescape")


def some_lines(number: int, seed: int) -> list[bytes]:
    """Lines of all kinds; some are in other files, too."""
    dice = random.Random(seed)
    odd = [b"rubbish", b"", line()[:100], b'"' * 7]
    return [
        dice.choice(odd)
        if dice.random() < 0.02
        else line(
            dice.choice(("a/", "b/", "style.css", f"p{dice.randrange(40)}.html")),
            1_792_400_000 + dice.randrange(500_000),
            request_id=f"ID{dice.randrange(5_000)}",
            status=dice.choice((200, 200, 304, 404)),
            agent=dice.choice((CHROME, CHROME, GOOGLEBOT, 'a "quoted" one')),
        )
        for _ in range(number)
    ]


def name(number: int, day: str = "2026-10-20") -> str:
    """A log file's name as S3 documents it."""
    return f"{day}-09-00-00-{number:016X}"


# CloudFront's legacy fields, and what a view of blog/a has in them.
EDGE = {
    "date": "2026-10-20", "time": "08:00:00", "x-edge-location": "FRA56-P4", "sc-bytes": "2048", "c-ip": "198.51.100.7",
    "cs-method": "GET", "cs(Host)": "d111111abcdef8.cloudfront.net", "cs-uri-stem": "/blog/a/", "sc-status": "200",
    "cs(Referer)": "-", "cs(User-Agent)": CHROME.replace(" ", "%20"), "cs-uri-query": "-", "cs(Cookie)": "-",
    "x-edge-result-type": "Hit", "x-edge-request-id": "-", "x-host-header": SITE, "cs-protocol": "https", "cs-bytes": "120",
    "time-taken": "0.012", "x-forwarded-for": "-", "ssl-protocol": "TLSv1.3", "ssl-cipher": "TLS_AES_128_GCM_SHA256",
    "x-edge-response-result-type": "Hit", "cs-protocol-version": "HTTP/2.0", "fle-status": "-", "fle-encrypted-fields": "-",
    "c-port": "40512", "time-to-first-byte": "0.002", "x-edge-detailed-result-type": "Hit", "sc-content-type": "text/html",
    "sc-content-len": "-", "sc-range-start": "-", "sc-range-end": "-",
}  # fmt: skip
EDGE_V2 = (*EDGE, "c-country", "DistributionId")


def edge(path: str = "/blog/a/", at: str = "2026-10-20 08:00:00", **values: str) -> dict[str, str]:
    """
    One record of CloudFront's by its fields, with an id of its own; a view of blog/a unless told otherwise.

    `sc_status="404"` is another value of sc-status, and `user_agent` of cs(User-Agent).
    """
    date, time = at.split(" ")
    known = {"user_agent": "cs(User-Agent)", "referrer": "cs(Referer)", "request_id": "x-edge-request-id"}
    given = {known.get(name, name.replace("_", "-")): value for name, value in values.items()}
    own = {"date": date, "time": time, "cs-uri-stem": path, "x-edge-request-id": f"edge-{next(_numbers)}=="}
    return {**EDGE, "c-country": "DE", "DistributionId": "E1FOOTFALL42", **own, **given}


def as_w3c(records: Iterable[Mapping[str, str]], fields: Iterable[str] = EDGE) -> bytes:
    """A file of these records as CloudFront writes it, legacy or v2 by its fields."""
    rows = ["\t".join(record[name] for name in fields) for record in records]
    return "".join(f"{row}\n" for row in ["#Version: 1.0", f"#Fields: {' '.join(fields)}", *rows]).encode()


def as_json(records: Iterable[Mapping[str, str]], fields: Iterable[str] = EDGE_V2) -> bytes:
    """The same as JSON lines of v2."""
    rows = [json.dumps({name: record[name] for name in fields}, separators=(",", ":")) for record in records]
    return "".join(f"{row}\n" for row in rows).encode()


def edge_name(number: int, hour: str = "2026-10-20-08", distribution: str = "E1FOOTFALL42") -> str:
    """A file's name as CloudFront documents it."""
    return f"{distribution}.{hour}.{number:08x}.gz"


def edge_key(number: int, hour: str = "2026-10-20-08", distribution: str = "E1FOOTFALL42") -> str:
    """The key of a file of v2 with Hive-compatible paths."""
    year, month, day, of_day = hour.split("-")
    folder = f"AWSLogs/111122223333/CloudFront/distributionid={distribution}/year={year}/month={month}/day={day}/hour={of_day}"
    return f"{folder}/{edge_name(number, hour, distribution)}"


def write_log(folder: Path, lines: Iterable[bytes], name: str = name(1)) -> Path:
    """A log file; gzip when its name says so."""
    folder.mkdir(parents=True, exist_ok=True)
    content = b"".join(each + b"\n" for each in lines)
    path = folder / name
    path.write_bytes(gzip.compress(content, mtime=0) if name.endswith(".gz") else content)
    return path


class Answer(NamedTuple):
    """What a command said."""

    exit_code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        """Its one JSON document; fails where the command did."""
        assert self.exit_code == 0, self
        return json.loads(self.stdout)

    @property
    def rows(self) -> dict[str, int]:
        """Of a breakdown: value -> views, in order."""
        return {row["value"]: row["views"] for row in self.json["rows"]}

    @property
    def series(self) -> dict[str, int]:
        """Of a history: label -> views, in order."""
        return {moment["at"]: moment["views"] for moment in self.json["series"]}


def clean_environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's environment without settings of footfall."""
    return {name: value for name, value in os.environ.items() if not name.startswith("FOOTFALL_")} | dict(more or {})


def ask(*args: str | Path, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> Answer:
    """`footfall ARGS` in this process, which is quick; what it does not catch is raised."""
    unset = dict.fromkeys((name for name in os.environ if name.startswith("FOOTFALL_")), None)
    runner = CliRunner(env={**unset, **(env or {})})
    result = runner.invoke(cli, [str(arg) for arg in args], input=stdin, catch_exceptions=False, prog_name="footfall")
    return Answer(result.exit_code, result.stdout, result.stderr)


def run(*args: str | Path, command: list[str] = FOOTFALL, env: Mapping[str, str] | None = None, **more: Any) -> Answer:
    """`footfall ARGS` as people run it: in a process of its own."""
    done = subprocess.run(
        [*command, *map(str, args)], **{"capture_output": True, "timeout": 60, **more}, env=clean_environment(env), check=False
    )
    return Answer(done.returncode, (done.stdout or b"").decode(), (done.stderr or b"").decode())


def patched(code: str) -> list[str]:
    """The command that runs footfall after `code`, which may change it."""
    return [sys.executable, "-c", f"import sys\n{code}\nfrom footfall.cli import cli\ncli(prog_name='footfall')"]


def counts(*flags: str) -> dict[tuple[str, str], int]:
    """(page, day) -> views, of all that the store of this folder has, or the one that flags name; asked day by day."""
    days = ask("history", "--json", *flags).series
    return {
        (page, day): views
        for day in days
        for page, views in ask("pages", "--start", day, "--end", day, "--json", *flags).rows.items()
    }  # fmt: skip


def account_adds_up(answer: Mapping[str, Any]) -> bool:
    """Lines = views + dropped + unreadable."""
    return bool(answer["lines"] == answer["views"] + sum(answer["dropped"].values()) + answer["unreadable"])


def says(answer: Answer, *words: str, code: int) -> None:
    """It failed as it should: by its exit code, in one line on stderr that has these words, and without a traceback."""
    assert answer.exit_code == code, answer
    assert "Traceback" not in answer.stderr, answer.stderr
    assert "Exception ignored" not in answer.stderr, answer.stderr
    told = [each for each in answer.stderr.splitlines() if each.startswith("footfall: ")]
    assert len(told) == 1, answer
    assert answer.stderr.splitlines() == told, answer
    missing = [word for word in words if word not in told[0]]
    assert not missing, f"{missing} not in: {told[0]}"


def says_usage(answer: Answer, *words: str) -> None:
    """The same of bad usage, of which click shows the usage before the error."""
    assert answer.exit_code == 2, answer
    assert "Traceback" not in answer.stderr, answer.stderr
    error = answer.stderr.splitlines()[-1]
    assert error.startswith("Error: "), answer
    missing = [word for word in words if word not in error]
    assert not missing, f"{missing} not in: {error}"


def pure_formats() -> dict[str, Format]:
    """The formats that a compiled reader reads, without it; by another name."""
    return {f"{name}, pure": _pure(row) for name, row in FORMATS.items() if has_patterns(row.reader(b""))}


def has_patterns(reader: Reader) -> bool:
    """Whether it reads many lines at once, by patterns or what is compiled in their place."""
    return isinstance(reader, PieceReader) and hasattr(reader.pure()._split_block, "__self__")


def _pure(row: Format) -> Format:
    readers = Cache(lambda reader: reader.pure())
    return row._replace(reader=lambda head: readers[row.reader(head)])
