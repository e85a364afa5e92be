"""Every command: its answers as JSON, as CSV and as people read them, and its flags."""

import csv
import io
import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import chdir, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from footfall.cli import cli
from footfall.cli.progress import Progress
from footfall.dimensions import DIMENSIONS, OFF_BY_DEFAULT
from footfall.output import to_csv
from footfall.pageviews.rules import REASONS
from footfall.pipeline.events import FilesFound, PartCounted, VisitorsRead
from footfall.records import Account, LogFile
from footfall.reports import INTERVALS

from .builders import (
    ARTICLE_AGENT,
    ARTICLE_LINE,
    ARTICLE_PAGE,
    CHROME,
    FIREFOX,
    FOOTFALL,
    GOOGLEBOT,
    SITE,
    Answer,
    account_adds_up,
    ask,
    clean_environment,
    line,
    name,
    patched,
    run,
    says,
    says_usage,
    write_log,
)
from .conftest import free_port, served

pytestmark = pytest.mark.usefixtures("here")

REQUEST_FIELDS = [
    "bucket_owner", "bucket", "time", "remote_ip", "requester", "request_id", "operation", "key", "request_uri",
    "http_status", "error_code", "bytes_sent", "object_size", "total_time", "turn_around_time", "referrer", "user_agent",
    "version_id", "host_id", "signature_version", "cipher_suite", "authentication_type", "host_header", "tls_version",
    "access_point_arn", "acl_required", "source_region",
]  # fmt: skip


# Three days of a small site: six views of three pages, and a line of most other outcomes.
LINES = [
    line("index.html", "2026-10-19 09:00:00", referrer="https://www.google.com/search?q=a"),
    line("blog/a/index.html", "2026-10-19 09:10:00", referrer="http://www.example.com/"),
    line("blog/a/index.html", "2026-10-20 08:00:00", agent=FIREFOX),
    line("blog/a/index.html", "2026-10-21 23:59:59", status=304),
    line("blog/b.html", "2026-10-21 10:00:00"),
    line("blog/b.html", "2026-10-21 11:00:00"),
    line("css/site.css", "2026-10-20 08:00:01"),
    line("blog/a", "2026-10-20 08:00:00", status=302, error="Found"),
    line("wp-login.php", "2026-10-20 03:00:00", status=404, error="NoSuchKey"),
    line("wp-login.php", "2026-10-21 03:00:00", status=404, error="NoSuchKey"),
    line("caf%25C3%25A9.html", "2026-10-21 03:00:00", status=403, error="AccessDenied"),
    line("blog/a/index.html", "2026-10-20 08:00:00", status=206),
    line("blog/a/index.html", "2026-10-20 08:00:00", status=500),
    line("blog/a/index.html", "2026-10-20 08:00:00", agent=GOOGLEBOT),
    line("blog/a/index.html", "2026-10-20 08:00:00", operation="REST.HEAD.OBJECT"),
    line("blog/a/index.html", "2026-10-20 08:00:00", requester="arn:aws:iam::123456789012:user/me"),
    b"",
    b"no record",
]


@pytest.fixture(scope="module")
def imported_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Answer]:
    """A folder where LINES have been imported, and what that said."""
    folder = tmp_path_factory.mktemp("imported")
    write_log(folder / "logs", [*LINES, LINES[0]])
    with chdir(folder):
        return folder, ask("import", "logs", "--json")


@pytest.fixture
def imported(here: Path, imported_once: tuple[Path, Answer]) -> Answer:
    """The same in the test's own folder."""
    folder, answer = imported_once
    shutil.copytree(folder, here, dirs_exist_ok=True)
    return answer


# --- import ---


def test_import_accounts_for_every_line_in_the_designs_shape(imported: Answer) -> None:
    assert imported.json == {
        "files": {"new": 1, "known": 0},
        "lines": 18,
        "views": 6,
        "dropped": {
            "other site": 0, "not a read": 1, "cdn": 0, "signed": 1, "redirect": 1, "not found": 3, "partial": 1, "failed": 1,
            "not a page": 1, "excluded": 0, "bot": 1, "duplicate": 1,
        },
        "unreadable": 1,
        "late_visitors": 0,
    }  # fmt: skip
    assert account_adds_up(imported.json)
    assert list(imported.json["dropped"]) == list(REASONS)


def test_import_tells_people_the_account_on_one_line(here: Path) -> None:
    write_log(here / "logs", [*(line() for _ in range(1203)), line(agent=GOOGLEBOT)])

    answer = ask("import", "logs")

    assert answer == Answer(0, "1,204 lines: 1,203 views, 1 bot; 1 new file, 0 known\n", "")


def test_import_names_the_first_unreadable_lines_on_stderr_and_counts_the_rest(here: Path) -> None:
    write_log(here / "logs", [line(), *(b"bad \x1b[31m %d" % number for number in range(7))])

    answer = ask("import", "logs")

    told = answer.stderr.splitlines()
    assert told[0] == f"logs/{name(1)}:2: unreadable: bad \\x1b[31m 0"
    assert (len(told), told[-1]) == (6, "and 2 more; --rejects FILE saves them all")
    assert answer.stdout.startswith("8 lines: 1 view, 7 unreadable;")


@pytest.mark.parametrize(
    "operation",
    [
        "REST.COPY.OBJECT_GET",
        "REST.GET.OBJECT_TAGGING",
        "WEBSITE.HEAD.OBJECT",
        "S3.EXPIRE.OBJECT",
        "BATCH.DELETE.OBJECT",
        "get",
    ],
)
def test_operations_that_resemble_a_read_are_none(here: Path, operation: str) -> None:
    write_log(here / "logs", [line(operation=operation), line(operation="REST.GET.OBJECT")])

    answer = ask("import", "logs", "--json").json

    assert (answer["views"], answer["dropped"]["not a read"]) == (1, 1)


def test_rejects_keeps_the_unreadable_lines_as_they_are(here: Path) -> None:
    bad = [b"bad", b"\xff\xfe", line()[:200]]
    write_log(here / "logs", [bad[0], line(), bad[1], bad[2]])

    answer = ask("import", "logs", "--rejects", "rejects.log")

    assert (here / "rejects.log").read_bytes().splitlines() == bad
    assert (answer.exit_code, answer.stderr) == (0, "")


def test_a_dry_run_says_what_would_be_counted_and_writes_nothing(here: Path) -> None:
    write_log(here / "logs", [line(), line(agent=GOOGLEBOT)])

    answer = ask("import", "logs", "--dry-run", "--json").json

    assert (answer["files"], answer["lines"], answer["views"]) == ({"new": 1, "known": 0}, 2, 1)
    assert sorted(path.name for path in here.iterdir()) == ["logs"]
    ask("import", "logs")
    assert ask("import", "logs", "--dry-run", "--json").json["files"] == {"new": 0, "known": 1}
    write_log(here / "logs", [line()], name(2))
    assert ask("import", "logs", "--dry-run", "--json").json["views"] == 1
    assert ask("status", "--json").json["views"] == 1


def test_a_dry_run_says_that_duplicates_in_other_files_are_not_looked_for(here: Path) -> None:
    write_log(here / "logs", [line(request_id="TWICE")], name(1))
    write_log(here / "logs", [line(request_id="TWICE")], name(2))

    dry, counted = ask("import", "logs", "--dry-run"), ask("import", "logs")

    assert dry.stdout == "2 lines: 2 views; 2 new files, 0 known (dry run: nothing was written)\n"
    assert "may find more, and count fewer views" in dry.stderr
    assert counted == Answer(0, "2 lines: 1 view, 1 duplicate; 2 new files, 0 known\n", "")


@pytest.mark.parametrize("command", ["import", "sweep"])
def test_a_quiet_command_prints_nothing_unless_something_is_wrong(here: Path, command: str) -> None:
    write_log(here / "logs", [line(), b"rubbish", line(agent="Amazon CloudFront")])
    assert ask(command, "--quiet", "logs") == Answer(0, "", "")
    assert ask("pages", "--json").json["total"] == 1

    (here / "logs" / f"{name(2)}.gz").write_bytes(b"\x1f\x8bno gzip")
    says(ask(command, "--quiet", "logs"), f"{name(2)}.gz", "cut short or damaged", code=1)
    says(ask(command, "--quiet", "nowhere"), "no file or folder nowhere", code=1)


def test_a_quiet_import_tells_of_a_setting_that_is_wrong(here: Path) -> None:
    write_log(here / "logs", [line()])

    says(ask("import", "--quiet", "logs", "--site", "www.exmaple.com"), "no line belongs to", code=0)


def test_quiet_and_json_is_refused(here: Path) -> None:
    says(ask("import", "--quiet", "--json", "."), "--json", "--quiet", code=2)


def test_since_and_until_choose_log_files_by_the_day_in_their_names(here: Path) -> None:
    for day in range(18, 23):
        write_log(here / "logs", [line()], name(day, f"2026-10-{day}"))
    write_log(here / "logs", [line()], "undated.log")

    assert ask("import", "logs", "--since", "2026-10-19", "--until", "2026-10-20", "--json").json["files"]["new"] == 3
    assert ask("import", "logs", "--since", "2026-10-22", "--json").json["files"] == {"new": 1, "known": 1}
    assert ask("import", "logs", "--until", "2026-10-18", "--json").json["files"] == {"new": 1, "known": 1}


def test_import_takes_files_folders_and_globs_together(here: Path) -> None:
    write_log(here / "folder" / "below" / "it", [line()], name(1))
    write_log(here, [line()], name(2))
    write_log(here / "globbed", [line()], name(3))
    write_log(here / "folder", [line()], ".hidden")

    answer = ask("import", "folder", name(2), "glob*/2026-*", "--json").json

    assert (answer["files"]["new"], answer["views"]) == (3, 3)


def on_a_terminal(*args: str, command: list[str]) -> tuple[str, str]:
    """What footfall answers, and what it shows on a terminal of 200 columns."""
    ours, theirs = pty.openpty()
    environment = clean_environment({"TERM": "xterm", "COLUMNS": "200"})
    with subprocess.Popen([*command, *args], stderr=theirs, stdout=subprocess.PIPE, env=environment) as importer:
        os.close(theirs)
        shown = b""
        with suppress(OSError):  # that is how a terminal ends
            while more := os.read(ours, 4096):
                shown += more
        os.close(ours)
        answer = importer.stdout.read() if importer.stdout else b""
    assert importer.returncode == 0
    return answer.decode(), shown.decode()


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_import_shows_how_far_it_is_on_a_terminal(here: Path, jobs: str) -> None:
    for number in range(40):
        write_log(here / "logs", [line(f"p{each}/") for each in range(50)], name(number))
    size = sum(path.stat().st_size for path in (here / "logs").iterdir())
    eager = patched(
        "from footfall.cli import progress\nfrom footfall.pipeline import batches, tasks, workers\n"
        "batches.BATCH_VIEWS, tasks.TASK_FILES, workers.WORTH_BYTES = 1, 1, 1\n"
        "progress.FIRST_SECONDS = progress.EVERY_SECONDS = 0\n"
    )

    answer, shown = on_a_terminal("import", "logs", "--jobs", jobs, command=eager)

    steps = [step.removeprefix("\x1b[K") for step in shown.split("\r") if "Counting" in step]
    told = rf"\d:\d\d left  50 views  1 of 40 files  0 of {size / 1e6:.0f} MB  [\d,]+ lines/s"
    assert re.fullmatch(rf"Counting    2 %  {told}  ░{{20}}", steps[0])
    assert re.fullmatch(r"Counting  100 %  0:00 left  2,000 views  40 of 40 files  .* lines/s  █{20}", steps[-1])
    assert len(steps) == 40
    assert shown.endswith("\r\x1b[K")  # and takes it away
    assert answer == "2,000 lines: 2,000 views; 40 new files, 0 known\n"


@pytest.mark.parametrize("columns", [12, 20, 40, 60, 80, 100, 120])
def test_progress_fits_into_the_terminal_and_cuts_no_number(columns: int) -> None:
    file = LogFile("", "a.log", lambda: io.BytesIO(), size=1_200_000_000)
    progress = Progress()
    for event in (FilesFound(3, 3 * file.size, is_all=True), PartCounted(file, True, Account(7_000_000, 1_234_567))):
        progress.add(event)

    shown = progress.text(60.0, columns - 1)

    whole = ["Counting", " 33 %", "2:00 left", "1,234,567 views", "1 of 3 files", "1,200 of 3,600 MB", "116,667 lines/s",
             "█" * 7 + "░" * 13]  # fmt: skip
    shown_parts = len(shown.split("  "))
    assert shown.split("  ") == whole[:shown_parts]
    assert len(shown) < columns
    assert shown_parts == len(whole) or len(f"{shown}  {whole[shown_parts]}") >= columns  # there is no room for more


def test_progress_shows_how_many_files_were_read_for_visitors_before_counts() -> None:
    progress = Progress()

    assert progress.add(VisitorsRead(12, 40))
    assert progress.text(1.0, 79) == "Visitors   30 %  12 of 40 files  ██████░░░░░░░░░░░░░░"
    progress.add(FilesFound(40, 1, is_all=True))
    assert progress.text(1.0, 79).startswith("Counting    0 %")


def test_a_quiet_import_shows_no_progress(here: Path) -> None:
    write_log(here / "logs", [line()])
    eager = patched("from footfall.cli import progress\nprogress.FIRST_SECONDS = progress.EVERY_SECONDS = 0\n")

    assert on_a_terminal("import", "--quiet", "logs", command=eager) == ("", "")


def test_what_takes_no_second_shows_nothing_on_a_terminal(here: Path) -> None:
    write_log(here / "logs", [line()])
    slow = patched("from footfall.cli import progress\nprogress.FIRST_SECONDS = 60")

    answer, shown = on_a_terminal("import", "logs", command=slow)

    assert shown == ""
    assert answer == "1 line: 1 view; 1 new file, 0 known\n"


# --- explain ---


def explain(here: Path, content: bytes, *flags: str) -> list[dict[str, Any]]:
    (here / "a.log").write_bytes(content)
    return [json.loads(each) for each in ask("explain", "a.log", "--json", *flags).stdout.splitlines()]


def test_explain_gives_the_articles_item_for_the_articles_line(here: Path) -> None:
    (here / "footfall.toml").write_text(
        '[item]\nPageName = "{page}"\nSortKey = "{epoch}"\nAgentString = "{user_agent}"\nRemoteAddress = "{remote_ip}"\n'
    )

    (explained,) = explain(here, ARTICLE_LINE + b"\n")

    assert explained["item"] == {
        "PageName": {"S": "blog/articles/2021-11-21-understanding-scrum-part-2"},
        "SortKey": {"S": "1666255782"},
        "AgentString": {"S": "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:106.0) Gecko/20100101 Firefox/106.0"},
        "RemoteAddress": {"S": "14.161.28.234"},
    }


def test_explain_gives_the_default_item_for_the_articles_line(here: Path) -> None:
    (explained,) = explain(here, ARTICLE_LINE)

    assert explained["item"] == {
        "PageName": {"S": ARTICLE_PAGE},
        "SortKey": {"S": "1666255782#K6E...7N1"},
        "AgentString": {"S": ARTICLE_AGENT},
        "RemoteAddress": {"S": "14.161.28.234"},
        "Referrer": {"S": "http://www.forshaw.tech/blog/tags/"},
        "ServiceTime": {"N": "100"},
    }


def test_explain_has_the_27_documented_fields_of_a_request(here: Path) -> None:
    (explained,) = explain(here, ARTICLE_LINE)

    assert list(explained) == ["file", "line", "outcome", "reason", "format", "common", "request", "view", "item", "why"]
    assert (explained["file"], explained["line"], explained["outcome"], explained["reason"]) == ("a.log", 1, "view", None)
    assert list(explained["request"]) == REQUEST_FIELDS
    assert explained["request"] == {
        "bucket_owner": "d6ad5...6af62", "bucket": "www.forshaw.tech", "time": "2022-10-20T08:49:42Z",
        "remote_ip": "14.161.28.234", "requester": None, "request_id": "K6E...7N1", "operation": "WEBSITE.GET.OBJECT",
        "key": f"{ARTICLE_PAGE}/index.html", "request_uri": f"GET /{ARTICLE_PAGE}/ HTTP/1.1", "http_status": 200,
        "error_code": None, "bytes_sent": 21653, "object_size": 21653, "total_time": 100, "turn_around_time": 99,
        "referrer": "http://www.forshaw.tech/blog/tags/", "user_agent": ARTICLE_AGENT, "version_id": None,
        "host_id": "LA99A...EegEE=", "signature_version": None, "cipher_suite": None, "authentication_type": None,
        "host_header": "www.forshaw.tech", "tls_version": None, "access_point_arn": None, "acl_required": None,
        "source_region": None,
    }  # fmt: skip
    assert explained["view"]["page"] == ARTICLE_PAGE
    assert (explained["view"]["day"], explained["view"]["hour"]) == ("2022-10-20", "08")
    assert (explained["view"]["referrer"], explained["view"]["browser"]) == ("(internal)", "Firefox")


def test_explain_tells_absent_from_empty_and_keeps_what_is_logged(here: Path) -> None:
    full = line(
        "caf%25C3%25A9.html", referrer="", tail="v1 h= SigV4 TLS_AES AuthHeader host TLSv1.3 arn Yes eu-west-1 later ones"
    )
    short = line(referrer="-", tail="-").removesuffix(b" -")

    first, second = explain(here, full + b"\n" + short + b"\r\n")

    assert first["request"]["referrer"] == ""
    assert first["request"]["key"] == "caf%25C3%25A9.html"
    assert list(first["request"].values())[17:] == [
        "v1",
        "h=",
        "SigV4",
        "TLS_AES",
        "AuthHeader",
        "host",
        "TLSv1.3",
        "arn",
        "Yes",
        "eu-west-1",
    ]
    assert second["request"]["referrer"] is None
    assert set(list(second["request"].values())[17:]) == {None}


def test_explain_gives_each_line_its_one_outcome_and_passes_over_blank_lines(here: Path) -> None:
    twice = line()

    told = explain(
        here,
        b"\n".join([twice, b"", b"no record", twice, line("a.css"), line(agent='say "hi" (X11; Linux) Gecko/1 Firefox/145.0')]),
    )

    assert [(each["line"], each["outcome"], each["reason"]) for each in told] == [
        (1, "view", None),
        (3, "unreadable", told[1]["reason"]),
        (4, "dropped", "duplicate"),
        (5, "dropped", "not a page"),
        (6, "view", None),
    ]
    assert (told[1]["request"], told[1]["view"], told[1]["item"]) == (None, None, None)
    assert told[3]["request"]["key"] == "a.css"
    assert (told[3]["view"], told[3]["item"]) == (None, None)
    assert told[4]["request"]["user_agent"] == 'say "hi" (X11; Linux) Gecko/1 Firefox/145.0'


def test_explain_reads_standard_input_and_tells_people_why(here: Path) -> None:
    answer = ask("explain", "-", stdin=line(agent=GOOGLEBOT) + b"\n" + line() + b"\nrubbish\x1b[2J\n")

    told = answer.stdout.splitlines()
    assert told[0] == "-:1: dropped: bot"
    assert "-:2: a page view" in told
    assert "  counts for 'blog/a' of www.example.com on 2026-10-20 at 08h" in told
    assert told[-1].startswith("-:3: unreadable: not a record of this ")
    assert answer.stderr == ""


@pytest.mark.parametrize(
    ("flags", "numbers"),
    [
        (["--only", "bot"], [14]),
        (["--only", "not-a-page", "--only", "unreadable"], [7, 18]),
        (["--only", "view", "--page", "/blog/b.html"], [5, 6]),
        (["--page", "https://www.example.com/blog/a/?utm=x"], [2, 3, 4, 8, 12, 13, 14, 15, 16]),
        (["--only", "failed", "--page", "blog/a/index.html"], [13]),
        (["--only", "redirect", "--page", "/"], []),
    ],
)
def test_explain_shows_only_what_is_asked_for(imported: Answer, flags: list[str], numbers: list[int]) -> None:
    answer = ask("explain", "logs", "--json", *flags)

    assert [json.loads(each)["line"] for each in answer.stdout.splitlines()] == numbers
    assert answer.stderr == ("" if numbers else "none of the 18 lines matches\n")


def test_explain_names_the_reason_that_was_perhaps_meant(imported: Answer) -> None:
    says(ask("explain", "logs", "--only", "bots"), "no outcome or reason 'bots'", "did you mean bot?", code=2)
    says(ask("explain", "logs", "--only", "zzz"), "there are: view, dropped, unreadable, other site, not a read", code=2)


def test_explain_agrees_with_import_on_every_line(here: Path, imported: Answer) -> None:
    told = [json.loads(each) for each in ask("explain", here / "logs" / name(1), "--json").stdout.splitlines()]

    reasons = [each["reason"] for each in told if each["outcome"] == "dropped"]
    assert {reason: reasons.count(reason) for reason in REASONS} == imported.json["dropped"]
    assert sum(each["outcome"] == "view" for each in told) == imported.json["views"]
    assert sum(each["outcome"] == "unreadable" for each in told) == imported.json["unreadable"]


# --- pages and top ---


def test_pages_are_most_viewed_first_and_ties_by_name(imported: Answer) -> None:
    assert ask("pages", "--json").json == {
        "query": {
            "site": SITE,
            "dimension": "page",
            "start": "2026-10-19",
            "end": "2026-10-21",
            "prefix": "",
            "limit": None,
            "measure": "views",
        },
        "rows": [{"value": "blog/a", "views": 3}, {"value": "blog/b.html", "views": 2}, {"value": "/", "views": 1}],
        "total": 6,
        "next": None,
        "logged_days": 3,
        "first_day": "2026-10-19",
        "complete_until": "2026-10-21T23:59:59Z",
        "capacity": None,
    }


def test_pages_is_top_page(imported: Answer) -> None:
    assert ask("pages", "--json") == ask("top", "page", "--json")


@pytest.mark.parametrize(
    ("dimension", "rows"),
    [
        ("page", {"blog/a": 3, "blog/b.html": 2, "/": 1}),
        ("entry", {"blog/a": 2, "blog/b.html": 2, "/": 1}),
        ("hour", {"09": 2, "08": 1, "10": 1, "11": 1, "23": 1}),
        ("referrer", {"(direct)": 4, "(internal)": 1, "google.com": 1}),
        ("country", {"(unknown)": 6}),
        ("source", {"(direct)": 4, "(internal)": 1, "Google": 1}),
        ("channel", {"Direct": 4, "Internal": 1, "Search": 1}),
        ("campaign", {}),
        ("campaign_source", {}),
        ("device", {"computer": 6}),
        ("browser", {"Chrome": 5, "Firefox": 1}),
        ("system", {"Windows": 5, "Linux": 1}),
        ("status", {"200": 7, "404": 2, "206": 1, "302": 1, "304": 1, "403": 1, "500": 1}),
        ("not_found", {"wp-login.php": 2, "café.html": 1}),
        ("broken_link", {}),
        ("download", {}),
        ("bot", {"Googlebot": 1}),
        ("bot_class", {"search": 1}),
        ("bot_page", {"Googlebot /blog/a": 1}),
    ],
)
def test_top_counts_by_each_dimension(imported: Answer, dimension: str, rows: dict[str, int]) -> None:
    answer = ask("top", dimension, "--json")

    assert list(answer.rows.items()) == list(rows.items())
    assert (answer.json["total"], answer.json["next"]) == (sum(rows.values()), None)
    assert answer.json["query"]["dimension"] == dimension


def test_no_dimension_is_forgotten_here() -> None:
    marks = test_top_counts_by_each_dimension.pytestmark  # type: ignore[attr-defined]

    assert {row[0] for row in marks[0].args[1]} == set(DIMENSIONS) - OFF_BY_DEFAULT


def test_pages_reads_for_people_as_an_aligned_table(imported: Answer) -> None:
    assert ask("pages").stdout.splitlines() == [
        "   Views  Share  Page",
        "       3   50 %  blog/a",
        "       2   33 %  blog/b.html",
        "       1   17 %  /",
        "       6  100 %  in total, 2026-10-19 to 2026-10-21",
    ]
    assert ask("top", "bot").stdout.startswith("Requests  Share  Bot\n       1  100 %  Googlebot\n")


def test_a_value_that_strangers_chose_cannot_move_the_cursor(here: Path) -> None:
    write_log(here / "logs", [line("a%251B%255B2Jb%25E2%2580%25AE.html"), line("%250Anewline/")])
    ask("import", "logs")

    assert "       1   50 %  \\nnewline\n       1   50 %  a\\x1b[2Jb\\u202e.html\n" in ask("pages").stdout
    assert ask("pages", "--json").rows == {"\nnewline": 1, "a\x1b[2Jb\u202e.html": 1}
    assert "\x1b" not in ask("history", "a\x1b[2Jb\u202e.html").stdout


def test_csv_is_rfc_4180(here: Path) -> None:
    write_log(here / "logs", [line("a,b.html"), line("say%2520%2522hi%2522.html"), line("%250Anewline/")])
    ask("import", "logs")

    answer = ask("pages", "--csv").stdout

    rows = list(csv.reader(io.StringIO(answer, newline="")))
    assert rows == [["views", "page"], ["1", "\nnewline"], ["1", "a,b.html"], ["1", 'say "hi".html']]
    assert '"say ""hi"".html"' in answer


def test_top_alone_lists_what_there_is_to_count_by():
    answer, counted = ask("top"), [name for name, row in DIMENSIONS.items() if row.is_on]

    assert [line.split()[0] for line in answer.stdout.splitlines()] == counted
    assert "referrer Views by referrer" in [" ".join(line.split()) for line in answer.stdout.splitlines()]
    assert "footfall top referrer" in answer.stderr
    assert [row["dimension"] for row in ask("top", "--json").json["dimensions"]] == counted
    assert ask("top", "--csv").stdout.splitlines()[0] == "dimension,counts,title"


def test_a_command_that_is_mistyped_is_told_with_what_was_perhaps_meant():
    says_usage(ask("page"), "No such command 'page'", "Did you mean pages?", "There are: import, pages")
    assert "Did you mean" not in ask("zzz").stderr


@pytest.mark.parametrize("command", [["pages"], ["top", "browser"], ["history"]])
def test_every_table_has_its_csv(imported: Answer, command: list[str]) -> None:
    rows = list(csv.DictReader(io.StringIO(ask(*command, "--csv").stdout)))

    assert sum(int(row["views"]) for row in rows) == 6


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(1)", "\tx", "＝1", "＋1", "－1", "＠a", " =1", "\ufeff=1", "\u200b＝1", '=A("b")']
)  # fmt: skip
def test_no_text_of_a_stranger_is_a_formula_in_csv(here: Path, text: str) -> None:
    write_log(here, [line(quote(quote(text)), status=404, error="NoSuchKey")])
    ask("import", name(1))

    rows = list(csv.reader(io.StringIO(ask("top", "not_found", "--csv").stdout, newline="")))

    assert rows == [["views", "not_found"], ["1", f"'{text}"]]
    assert ask("top", "not_found", "--json").rows == {text: 1}


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("a;=B(1)", "a;'=B(1)"),
        ("a\n=1", "a\n'=1"),
        ("\n=1", "'\n'=1"),
        ("a;b; ＝1;c=d", "a;b;' ＝1;c=d"),
        ("\t=1", "'\t'=1"),
        ("a-b/c+d=e@f", "a-b/c+d=e@f"),
        ("a,b", "a,b"),
    ],
)
def test_no_part_of_a_cell_is_a_formula_where_something_else_separates_cells(text: str, cell: str) -> None:
    assert list(csv.reader(io.StringIO(to_csv(["page"], [[text]]), newline=""))) == [["page"], [cell]]


def test_no_file_and_no_site_can_command_the_terminal(here: Path) -> None:
    title = "\x1b]0;pwned\x07"
    write_log(here, [line(bucket=f"{title}site", status=404)], title + name(1))

    told = [ask("import", "."), ask("status"), ask("explain", title + name(1)), ask("top", "not_found")]

    for answer in told:
        assert not any(sign in answer.stdout + answer.stderr for sign in "\x1b\x07")
    assert "\\x1b]0;pwned\\x07site" in told[1].stdout
    assert told[1].stdout.count("\\x1b") == 2
    assert told[2].stdout.startswith("\\x1b]0;pwned\\x07")


def test_json_and_csv_at_once_is_refused(imported: Answer) -> None:
    says(ask("pages", "--json", "--csv"), "--json", "--csv", code=2)


def test_limit_and_next_walk_through_all_rows(here: Path) -> None:
    write_log(here / "logs", [line(f"p{page}/") for page in range(23) for _ in range(page % 4 + 1)])
    ask("import", "logs")
    everything = ask("pages", "--json").json["rows"]

    walked: list[list[dict[str, Any]]] = []
    cursor: tuple[str, ...] = ()
    while True:
        answer = ask("pages", "--limit", "5", *cursor, "--json").json
        walked.append(answer["rows"])
        assert answer["total"] == sum(row["views"] for row in everything)
        if answer["next"] is None:
            break
        cursor = ("--cursor", answer["next"])

    assert [len(rows) for rows in walked] == [5, 5, 5, 5, 3]
    assert [row for rows in walked for row in rows] == everything


def test_a_limit_that_takes_all_rows_has_nothing_next(imported: Answer) -> None:
    assert ask("pages", "--limit", "3", "--json").json["next"] is None
    assert ask("pages", "--limit", "2", "--json").json["next"]


def test_prefix_takes_the_values_that_begin_so(here: Path) -> None:
    write_log(here / "logs", [line("blog/a/"), line("blog_b/"), line("Blog/c/"), line("blo%2525/"), line("caf%25C3%25A9/x/")])
    ask("import", "logs")

    assert ask("pages", "--prefix", "blog/", "--json").rows == {"blog/a": 1}
    assert ask("pages", "--prefix", "blo%", "--json").rows == {"blo%": 1}
    assert ask("pages", "--prefix", "café/", "--json").rows == {"café/x": 1}
    assert ask("pages", "--prefix", "caf", "--json").json["total"] == 1
    assert ask("top", "browser", "--prefix", "Chr", "--json").rows == {"Chrome": 5}


@pytest.mark.parametrize(
    "written",
    ["/blog/", "https://www.example.com/blog/", "https://www.example.com/blog/?utm_source=x", "//www.example.com/blog/",
     "/blog/index.html", "blog%2F"],
)  # fmt: skip
def test_a_prefix_may_be_written_as_it_is_copied(here: Path, written: str) -> None:
    write_log(here / "logs", [line("blog/a/index.html"), line("blog.html"), line("blog/b", status=404)])
    ask("import", "logs")

    assert ask("pages", "--prefix", written, "--json").rows == {"blog/a": 1}
    assert ask("pages", "--prefix", written, "--json").json["query"]["prefix"] == "blog/"
    assert ask("top", "not_found", "--prefix", written, "--json").rows == {"blog/b": 1}
    assert len(ask("pages", "--prefix", "/", "--json").rows) == 2


@pytest.mark.parametrize(
    "written",
    ["https://www.example.com/blog/caf%C3%A9/", "http://localhost:8000/blog/caf%C3%A9/index.html?a=b#c", "/blog/caf%C3%A9/?a=b",
     "//www.example.com/blog/café", "blog/caf%C3%A9", "blog/café/?a=b", "www.example.com/blog/caf%C3%A9/"],
)  # fmt: skip
def test_a_page_may_be_written_as_it_is_copied(here: Path, written: str) -> None:
    write_log(here / "logs", [line("blog/caf%25C3%25A9/index.html")])
    ask("import", "logs")

    assert ask("history", written, "--json").json["query"]["page"] == "blog/café"
    assert len(ask("views", written, "--json").json["rows"]) == 1


def test_a_page_whose_name_looks_encoded_is_found_by_its_name_first(here: Path) -> None:
    write_log(here / "logs", [line("a%252520b/index.html"), line("a%2520b/index.html"), line("a%2520b/index.html")])
    ask("import", "logs")

    assert ask("history", "a%20b", "--json").json["total"] == 1
    assert ask("history", "/a%20b/", "--json").json["total"] == 2


def test_a_prefix_that_nothing_begins_with_has_no_rows(imported: Answer) -> None:
    answer = ask("pages", "--prefix", "none", "--json").json

    assert (answer["rows"], answer["total"], answer["next"]) == ([], 0, None)
    assert ask("pages", "--prefix", "none").stdout == "no page was counted in this period\n"
    assert ask("top", "not_found", "--prefix", "none").stdout == "no missing page was counted in this period\n"


def test_a_period_without_views_has_no_rows(imported: Answer) -> None:
    answer = ask("pages", "--period", "2020", "--json").json

    assert (answer["rows"], answer["total"]) == ([], 0)
    assert (answer["query"]["start"], answer["query"]["end"]) == ("2020-01-01", "2020-12-31")


# --- history ---


def test_history_is_by_day_unless_told_otherwise(imported: Answer) -> None:
    answer = ask("history", "--json").json

    assert answer.pop("suspected_bots")["visitors"] is None  # nobody loaded a file of the pages
    assert answer == {
        "query": {
            "site": SITE, "page": None, "prefix": "", "start": "2026-10-19", "end": "2026-10-21", "interval": "day",
            "measure": "views",
        },
        "series": [
            {"at": "2026-10-19", "views": 2, "visitors": 1}, {"at": "2026-10-20", "views": 1, "visitors": 1},
            {"at": "2026-10-21", "views": 3, "visitors": 1},
        ],
        "total": 6,
        "logged_days": 3,
        "visitors": 3,
        "unknown_visitor_days": 0,
        "first_day": "2026-10-19",
        "complete_until": "2026-10-21T23:59:59Z",
        "capacity": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("by", "page", "series"),
    [
        ("day", (), {"2026-10-19": 2, "2026-10-20": 1, "2026-10-21": 3}),
        ("day", ("blog/b.html",), {"2026-10-19": 0, "2026-10-20": 0, "2026-10-21": 2}),
        ("week", (), {"2026-10-19": 6}),
        ("week", ("blog/a",), {"2026-10-19": 3}),
        ("month", (), {"2026-10-01": 6}),
        ("month", ("/",), {"2026-10-01": 1}),
    ],
)
def test_history_by_each_interval(imported: Answer, by: str, page: tuple[str, ...], series: dict[str, int]) -> None:
    answer = ask("history", *page, "--by", by, "--json")

    assert list(answer.series.items()) == list(series.items())
    assert answer.json["query"]["interval"] == by
    assert answer.json["query"]["page"] == (page[0] if page else None)


@pytest.mark.parametrize("page", [(), ("blog/a",)])
def test_history_by_hour_has_every_hour_of_every_day(imported: Answer, page: tuple[str, ...]) -> None:
    series = ask("history", *page, "--by", "hour", "--json").series

    assert list(series) == [f"2026-10-{day}T{hour:02d}:00" for day in (19, 20, 21) for hour in range(24)]
    some = {"2026-10-19T09:00": 1, "2026-10-20T08:00": 1, "2026-10-21T23:00": 1} if page else {"2026-10-19T09:00": 2}
    assert {at: series[at] for at in some} == some
    assert sum(series.values()) == (3 if page else 6)


def test_history_for_people_has_a_bar_for_each_label(imported: Answer) -> None:
    told = ask("history").stdout.splitlines()

    assert told[0].split() == ["Visitors", "Views", "Day"]
    assert told[3].split() == ["1", "3", "2026-10-21", "▇" * 40]


@pytest.mark.parametrize(("columns", "longest"), [(200, 40), (60, 22), (40, 5), (10, 5)])
def test_bars_fit_into_the_terminal(imported: Answer, columns: int, longest: int) -> None:
    told = ask("history", "--by", "day", env={"COLUMNS": str(columns)}).stdout.splitlines()

    assert max(line.count("▇") for line in told) == longest
    assert columns < 40 or all(len(line) <= columns for line in told if "▇" in line)


def test_an_early_ctrl_c_ends_it_without_a_traceback() -> None:
    """Pressed while the first of its modules is loaded."""
    pressed = "import sys\nclass Press:\n def find_spec(*_): raise KeyboardInterrupt\nsys.meta_path.insert(0, Press())\nmain()"

    answer = run(command=[sys.executable, "-c", f"from footfall.__main__ import main\n{pressed}"])

    assert (answer.exit_code, answer.stdout, answer.stderr) == (130, "", "")


def test_nothing_is_loaded_before_ctrl_c_is_met_without_a_traceback() -> None:
    loaded = "import sys; before = set(sys.modules); import footfall.__main__; print(sorted(sys.modules.keys() - before))"

    answer = run(command=[sys.executable, "-c", loaded])

    assert answer.stdout == "['footfall', 'footfall.__main__']\n"


@pytest.mark.skipif(os.name == "nt", reason="signals as POSIX has them")
def test_a_second_ctrl_c_ends_what_does_not_end_by_the_first() -> None:
    stuck = """
import os, signal, threading, footfall.cli
def cli(**_):
    try:
        os.kill(os.getpid(), signal.SIGINT)
        threading.Event().wait(60)
    finally:
        os.kill(os.getpid(), signal.SIGINT)
        threading.Event().wait(60)
footfall.cli.cli = cli
from footfall.__main__ import main
main()
"""

    answer = run(command=[sys.executable, "-c", stuck])

    assert (answer.exit_code, answer.stdout, answer.stderr) == (-signal.SIGINT, "", "")


@pytest.mark.parametrize("written", ["blog/a", "/blog/a/", "blog/a/index.html", "/blog/a/index.html"])
def test_a_page_may_be_written_as_its_path(imported: Answer, written: str) -> None:
    assert ask("history", written, "--json").json["total"] == 3
    assert len(ask("views", written, "--json").json["rows"]) == 3


def test_the_root_is_a_slash(imported: Answer) -> None:
    assert ask("history", "/", "--json").json["total"] == 1
    assert ask("history", "/index.html", "--json").json["total"] == 1


def test_a_page_that_is_the_beginning_of_another_is_not_that_one(here: Path) -> None:
    write_log(here / "logs", [line("blog/"), line("blog/a/"), line("blog/a/b/")])
    ask("import", "logs")

    assert ask("history", "blog/a", "--json").json["total"] == 1
    assert len(ask("views", "blog", "--json").json["rows"]) == 1


def test_a_page_named_like_the_tables_own_partitions_is_kept_apart(here: Path) -> None:
    write_log(here / "logs", [line("%2523files/")])
    ask("import", "logs")

    assert ask("pages", "--json").rows == {"%23files": 1}
    assert ask("history", "#files", "--json").json["total"] == 1


# --- views ---


def test_views_are_the_stored_items_in_time_order(here: Path) -> None:
    write_log(here, [line(at="2026-10-20 09:00:00", request_id="LATER", agent=FIREFOX)], name(1))
    write_log(
        here, [line(at="2026-10-20 08:00:00", request_id="EARLIER", referrer="https://a.example/", total_time="-")], name(2)
    )
    ask("import", name(1), name(2))

    assert ask("views", "blog/a", "--json").json == {
        "query": {"site": SITE, "page": "blog/a", "start": "2026-10-20", "end": "2026-10-20", "limit": None},
        "rows": [
            {
                "PageName": "blog/a", "SortKey": "1792483200#EARLIER", "AgentString": CHROME,
                "RemoteAddress": "198.51.100.7", "Referrer": "https://a.example/",
            },
            {
                "PageName": "blog/a", "SortKey": "1792486800#LATER", "AgentString": FIREFOX,
                "RemoteAddress": "198.51.100.7", "ServiceTime": 12,
            },
        ],
        "next": None,
        "complete_until": "2026-10-20T09:00:00Z",
        "capacity": None,
    }  # fmt: skip


def test_views_beyond_the_limit_are_told_of(imported: Answer) -> None:
    answer = ask("views", "blog/a", "--limit", "2", "--json").json

    assert len(answer["rows"]) == 2
    assert answer["next"] is not None


def test_views_keeps_to_the_limit(imported: Answer) -> None:
    times = [row["SortKey"].partition("#")[0] for row in ask("views", "blog/a", "--limit", "2", "--json").json["rows"]]

    assert times == ["1792401000", "1792483200"]


def test_masked_addresses_are_stored_masked(here: Path) -> None:
    write_log(here / "logs", [line(remote_ip="198.51.100.7"), line(remote_ip="2001:db8:1:2::3"), line(remote_ip="-")])
    ask("import", "logs", "--mask-addresses", "true")

    rows = ask("views", "blog/a", "--json").json["rows"]

    assert [row.get("RemoteAddress") for row in rows] == ["198.51.100.0", "2001:db8:1::", None]
    assert b"198.51.100.7" not in (here / "footfall.db").read_bytes()


# --- status ---


def test_status_accounts_for_everything_and_says_how_far_the_counts_reach(here: Path, imported: Answer) -> None:
    write_log(here, [line("late/", "2026-10-18 00:00:00"), b"no record"], name(7, "2026-10-25"))
    second = ask("import", name(7, "2026-10-25"), "--json").json

    answer = ask("status", "--json").json

    first = imported.json
    assert account_adds_up(answer)
    assert (answer["files"], answer["lines"], answer["views"]) == (2, 20, 7)
    assert answer["dropped"] == {reason: first["dropped"][reason] + second["dropped"][reason] for reason in REASONS}
    assert answer["unreadable"] == 2
    assert (answer["sites"], answer["time_zone"]) == ([SITE], "UTC")
    assert (answer["first_request_at"], answer["complete_until"]) == ("2026-10-18T00:00:00Z", "2026-10-21T23:59:59Z")
    assert answer["newest_file"] == name(7, "2026-10-25")


def test_status_for_people_names_the_newest_file_and_what_was_dropped(imported: Answer) -> None:
    told = ask("status").stdout

    assert f"1; the newest: {name(1)}, ingested 2" in told
    assert (
        "18 lines: 6 views, 1 not a read, 1 signed, 1 redirect, 3 not found, 1 partial, 1 failed, 1 not a page, 1 bot, " in told
    )
    assert told.endswith("1 duplicate, 1 unreadable\n")


# --- several sites ---


@pytest.fixture
def two_sites(here: Path) -> Path:
    write_log(
        here / "logs", [line("a/", bucket="one.example"), line("a/", bucket="one.example"), line("a/", bucket="two.example")]
    )
    return here


def test_two_sites_are_counted_apart_when_items_name_theirs(two_sites: Path) -> None:
    (two_sites / "footfall.toml").write_text('[item]\nPageName = "{site}/{page}"\nSortKey = "{epoch}#{request_id}"\n')
    ask("import", "logs")

    for site, views in (("one.example", 2), ("two.example", 1)):
        assert ask("pages", "--site", site, "--json").rows == {"a": views}
        assert ask("--site", site, "pages", "--json").json["query"]["site"] == site
        assert ask("history", "a", "--by", "hour", "--site", site, "--json").json["total"] == views
        rows = ask("views", "a", "--site", site, "--json").json["rows"]
        assert [row["PageName"] for row in rows] == [f"{site}/a"] * views
    says(ask("pages"), "several sites", "--site", "one.example", "two.example", code=2)
    says(ask("pages", "--site", "three.example"), "three.example", "one.example", code=2)
    assert ask("status", "--json").json["sites"] == ["one.example", "two.example"]


def test_a_second_site_is_refused_when_items_do_not_name_theirs(two_sites: Path) -> None:
    answer = ask("import", "logs")

    refused, _ = answer.stderr.splitlines()
    assert answer.exit_code == 1
    assert all(word in refused for word in ("second site", "{site}/{page}", "two.example", "sites = ["))
    assert ask("status", "--json").json["lines"] == 0  # all or nothing: the same file counts once the remedy is taken
    assert ask("import", "logs", "--site", "one.example", "--json").json["views"] == 2


def test_a_second_site_in_a_later_file_is_refused_and_the_first_goes_on(here: Path) -> None:
    write_log(here / "logs", [line(bucket="one.example")], name(1))
    write_log(here / "logs", [line(bucket="two.example")], name(2))
    write_log(here / "logs", [line(bucket="one.example")], name(3))

    answer = ask("import", "logs")

    assert (answer.exit_code, name(2) in answer.stderr) == (1, True)
    assert "second site, two.example, besides one.example" in answer.stderr
    assert ask("pages", "--json").rows == {"blog/a": 2}


def test_of_several_sites_the_one_with_most_views_is_proposed_wherever_it_comes(here: Path) -> None:
    write_log(here / "logs", [line(bucket="assets.example")], name(1))
    write_log(here / "logs", [line(bucket="www.example"), line("b/", bucket="www.example")], name(2))
    told = "www.example (2 views), assets.example (1 view)"

    for flags, code in ((("--dry-run",), 0), ((), 1)):
        answer = ask("import", *flags, "logs")
        assert answer.exit_code == code
        assert all(word in answer.stderr for word in (told, 'such as sites = ["www.example"]', "new --store"))
        assert 'sites = ["assets.example"]' not in answer.stderr

    answer = ask("import", "--site", "www.example", "--store", "sqlite:new.db", "logs")
    assert (answer.exit_code, answer.stderr) == (0, "")


def test_several_sites_are_no_doubt_where_each_has_its_keys(two_sites: Path) -> None:
    answer = ask("import", "logs", "--item", '{ PageName = "{site}/{page}", SortKey = "{epoch}#{request_id}" }')

    assert (answer.exit_code, answer.stderr) == (0, "")


def test_import_counts_only_the_sites_that_it_is_told(two_sites: Path) -> None:
    answer = ask("import", "logs", "--site", "two.example", "--json").json

    assert (answer["views"], answer["dropped"]["other site"]) == (1, 2)


def test_a_site_that_is_configured_by_its_host_can_be_asked_about(here: Path) -> None:
    # "Buckets or hosts that count": the bucket behind the host has another name.
    (here / "footfall.toml").write_text('sites = ["www.example.com"]\n')
    write_log(here / "logs", [line(bucket="my-bucket", tail="- h= - - - www.example.com - - -")])
    assert ask("import", "logs", "--json").json["views"] == 1

    assert ask("pages", "--json").rows == {"blog/a": 1}


def test_a_site_is_the_same_whatever_its_letters_case(here: Path) -> None:
    write_log(here / "logs", [line()])
    assert ask("import", "logs", "--site", "WWW.Example.com", "--json").json["views"] == 1

    assert ask("pages", "--site", "WWW.Example.com", "--json").rows == {"blog/a": 1}


def test_a_report_is_about_one_site(imported: Answer) -> None:
    says(ask("pages", "--site", "a", "--site", "b"), "--site", code=2)


# --- flags, everywhere ---


@pytest.mark.parametrize("command", [["pages"], ["top", "hour"], ["history"], ["views", "/"], ["status"]])
def test_flags_do_before_and_after_the_commands_name(here: Path, imported: Answer, command: list[str]) -> None:
    (here / "footfall.db").rename(here / "other.db")
    (here / "mine.toml").write_text('store = "sqlite:other.db"\n')

    for flags in (["--store", "sqlite:other.db"], ["--config", "mine.toml"]):
        every = [*flags, "--json", "--site", SITE]
        before, after = ask(*every, *command), ask(*command, *every)

        assert before == after
        assert before.exit_code == 0
        json.loads(before.stdout)
    assert not (here / "footfall.db").exists()


def test_a_flag_after_the_commands_name_wins_over_one_before_it(here: Path, imported: Answer) -> None:
    assert ask("--store", "sqlite:none.db", "pages", "--store", "sqlite:footfall.db", "--json").json["total"] == 6


def test_init_takes_its_config_after_its_name_too(here: Path) -> None:
    assert ask("init", "--config", "mine.toml").exit_code == 0
    assert (here / "mine.toml").exists()


@pytest.mark.parametrize("command", cli.commands)
def test_every_command_has_help_that_begins_with_a_sentence(command: str) -> None:
    for flag in ("--help", "-h"):
        answer = ask(command, flag)

        assert answer.exit_code == 0
        assert answer.stdout.startswith("Usage: footfall ")
    assert cli.commands[command].help


def test_the_list_of_commands_tells_of_each_in_a_whole_sentence() -> None:
    listed = ask("--help").stdout.partition("Commands:")[2].strip().splitlines()

    assert len(listed) == len(cli.commands)
    assert all(told.endswith(".") and not told.endswith("...") for told in listed)


def test_help_names_every_dimension_and_interval() -> None:
    told = " ".join(ask("top", "--help").stdout.split())
    assert all(dimension in told for dimension in DIMENSIONS)
    assert all(interval in ask("history", "--help").stdout for interval in INTERVALS)


def test_footfall_alone_shows_how_to_begin() -> None:
    answer = run()

    assert "footfall demo" in " ".join((answer.stdout + answer.stderr).split())
    assert "Traceback" not in answer.stderr


def test_an_unknown_command_names_those_there_are(here: Path) -> None:
    says_usage(ask("page"), "page", "pages", "history", "import")


def test_answers_go_to_stdout_alone(imported: Answer) -> None:
    for command in (["pages"], ["history"], ["status"], ["views", "/"], ["top", "bot"]):
        assert ask(*command).stderr == ""


# --- demo ---


@pytest.mark.slow
def test_demo_counts_a_sample_site_and_prints_the_reports_twice_alike_whatever_the_owners_settings(here: Path) -> None:
    (here / "footfall.toml").write_text('sites = ["mine.example"]\n')
    answer = run("demo")
    (here / "footfall.toml").unlink()
    again = run("demo")

    assert (answer.exit_code, again.exit_code) == (0, 0)
    assert "Traceback" not in answer.stderr
    without_time = [re.sub(r"ingested \S+", "", each.stdout) for each in (answer, again)]
    assert without_time[0] == without_time[1]
    for command in ("import", "history --by week", "pages", "top referrer", "top country", "top bot", "status"):
        assert f"$ footfall {command}" in answer.stdout
    assert ask("pages", "--store", "sqlite:footfall-demo/footfall.db", "--json").json["total"] > 1000
    assert sorted(path.name for path in here.iterdir()) == ["footfall-demo"]


@pytest.mark.slow
def test_demo_ends_in_the_dashboard_when_it_is_asked_to_and_opens_a_browser_where_there_is_one(here: Path) -> None:
    opened = here / "opened"
    browser = here / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {opened}\n')
    browser.chmod(0o755)
    port = free_port()
    command = [*FOOTFALL, "demo", "--serve", "--port", str(port)]
    # An `&` at its end says that it does not need the terminal.
    environment = clean_environment({"BROWSER": f"{browser} %s &"})

    with served(command, f"http://127.0.0.1:{port}/healthz", environment, patience=60):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/stats/total", timeout=10) as response:
            total = json.load(response)["total"]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as response:
            page = response.read()
        for _ in range(100):
            if opened.exists() and opened.read_text():
                break
            time.sleep(0.05)

    assert total == ask("pages", "--store", "sqlite:footfall-demo/footfall.db", "--json").json["total"]
    assert b"<title>footfall</title>" in page
    assert opened.read_text() == f"http://127.0.0.1:{port}/\n"


def test_demo_leaves_a_folder_alone_that_is_not_its_own(here: Path) -> None:
    (here / "footfall-demo").mkdir()
    (here / "footfall-demo" / "mine").write_text("mine")

    says(ask("demo"), "footfall-demo", "--folder", code=1)
    assert (here / "footfall-demo" / "mine").read_text() == "mine"


@pytest.mark.parametrize(
    ("command", "others"),
    [
        ("import", ["doctor", "serve", "demo", "breakdowns", "token"]),
        ("pages", ["doctor", "serve", "demo", "import_logs", "backfill"]),
    ],
)
def test_a_command_does_not_wait_for_others(here: Path, command: str, others: list[str]) -> None:
    loaded = "\nimport atexit\natexit.register(lambda: print(*sorted(sys.modules)))"

    answer = run(command, "--help", command=patched(loaded))

    assert answer.exit_code == 0
    assert {f"footfall.cli.{each}" for each in others}.isdisjoint(answer.stdout.split())
    assert ("footfall.digest" in answer.stdout.split()) == (command == "import")


@pytest.mark.parametrize("module", ["footfall.stores.dynamodb", "footfall.api", "boto3", "uvicorn", "webbrowser"])
def test_no_command_waits_for_what_few_need(module: str) -> None:
    code = f"import sys, footfall.cli; sys.exit({module!r} in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
