"""
Large, realistic logs against the truth that their maker wrote beside them.

The maker is no part of this repository: it is found in shared/tools/ beside the checkout, or where
FOOTFALL_TEST_MAKE_LOGS says; without it these tests are skipped.
"""

import json
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Collection, Mapping
from contextlib import chdir, closing
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

import pytest

from footfall.digest import make_digester
from footfall.digest.explain import Outcome
from footfall.dimensions import DIMENSIONS
from footfall.formats import AUTO
from footfall.items import iso
from footfall.pageviews.counting import Counting
from footfall.pageviews.pages import page_name
from footfall.pageviews.referrers import INTERNAL
from footfall.pipeline.parts import read_file, read_lines
from footfall.records import LogFile
from footfall.sources.local import find_logs
from footfall.stores import open_store
from footfall.stores.base import FIRST_DAY, LAST_DAY

from .builders import Answer, account_adds_up, ask, counts
from .conftest import KEPT, trials

BESIDE = Path(__file__).parents[2] / "shared" / "tools" / "make_logs.py"
MAKER = Path(os.environ.get("FOOTFALL_TEST_MAKE_LOGS") or os.environ.get("FOOTFALL_MAKE_LOGS") or BESIDE)

pytestmark = pytest.mark.skipif(
    not MAKER.is_file(),
    reason="no make_logs.py: put shared/tools/make_logs.py beside the checkout, or name it in FOOTFALL_TEST_MAKE_LOGS",
)

RANDOM_SEED = random.SystemRandom().randrange(10, 1_000_000)
# Views by (page, day) that differ from the truth because the kept list of bots knows better: truth and ours. None so far.
BOT_LIST_KNOWS_BETTER: Mapping[tuple[str, str], tuple[int, int]] = {}


Explained = list[tuple[LogFile, list[Outcome]]]
"""Log files, and what becomes of each of their lines."""


class Corpus(NamedTuple):
    """One run of the maker, imported."""

    told: str
    """The arguments that make it again."""
    truth: dict[str, Any]
    imported: Answer
    ours: dict[tuple[str, str], int]
    explained: Explained
    counting: Counting
    guessed: Counter[tuple[str, str]]
    guessed_again: int

    @property
    def refused(self) -> list[int]:
        """Of each file without a single record, which is refused, how many lines it has."""
        outcomes = [told for _, told in self.explained if told]
        return [len(told) for told in outcomes if all(each.outcome == "unreadable" for each in told)]

    @property
    def answer(self) -> dict[str, Any]:
        """What the import answered; it fails for the sake of the refused files alone."""
        assert self.imported.exit_code == bool(self.refused), self.imported
        answer: dict[str, Any] = json.loads(self.imported.stdout)
        return answer


def some(lines: int) -> str:
    """So many lines where a person asks for many trials, else a third: they are explained one by one."""
    return str(lines if trials(few=0) else lines // 3)


CORPORA = {
    "one file": ["--seed", "1", "--lines", some(45_000)],  # in several blocks
    "many files": ["--seed", "2", "--lines", some(40_000), "--objects", "300", "--days", "10"],
    "gzip": ["--seed", "3", "--lines", some(20_000), "--objects", "20", "--gzip", "--pages", "60"],
    "hostile": ["--seed", "4", "--lines", some(20_000), "--objects", "3", "--hostile", "0.2", "--duplicates", "0.05"],
    "random": ["--seed", str(RANDOM_SEED), "--lines", some(30_000), "--objects", "7", "--hostile", "0.01", "--pages", "900"],
}
# Of each other format a small corpus that has all of it; names without an ending are pages there.
ODD = [
    "--seed", str(RANDOM_SEED), "--lines", "4000", "--days", "3", "--pages", "40", "--gzip", "--hostile", "0.05",
    "--duplicates", "0.05", "--clean-urls", "0.3", "--objects", "4",
]  # fmt: skip
# By the maker's names: whether clean_urls has to be set, since the format has no content types.
OTHER_FORMATS = {"cloudfront": False, "cloudfront-v2": False, "cloudfront-json": False, "combined": True, "caddy": False}
CORPORA |= {name: [*ODD, "--format", name] for name in OTHER_FORMATS}


@pytest.fixture(scope="module", params=CORPORA)
def corpus(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    folder = tmp_path_factory.mktemp("truth")
    arguments = CORPORA[request.param]
    subprocess.run([sys.executable, MAKER, *arguments, "--out", folder], check=True, capture_output=True, timeout=60)
    counting = Counting(clean_urls=OTHER_FORMATS.get(request.param, False))
    with chdir(folder):
        imported = ask("import", folder / "logs", "--json", *["--clean-urls", "true"] * counting.clean_urls)
        ours = counts()
    truth = json.loads((folder / "truth.json").read_text())
    digester = make_digester(AUTO, counting)
    explained = [
        (log_file, [outcome for _, outcome in digester.explain(*read_lines(log_file))])
        for log_file in find_logs(str(folder / "logs"))
    ]
    guessed, again = guessed_views(explained, counting, {page for page, _ in true_counts(truth)})
    return Corpus(" ".join(arguments), truth, imported, ours, explained, counting, guessed, again)


def page_of(truth_page: str) -> str:
    """The maker's page is the key as logged without index.html; ours is decoded, without slashes at its ends."""
    return unquote(unquote(truth_page)).strip("/") or "/"


def true_counts(truth: Mapping[str, Any], kind: str = "views") -> Counter[tuple[str, str]]:
    """Of pages with an ending and of those without, which the maker tells apart."""
    found: Counter[tuple[str, str]] = Counter()
    for pages in (truth[kind], truth.get(f"clean_url_{kind}", {})):
        for page, days in pages.items():
            for day, views in days.items():
                found[page_of(page), day] += views
    return found


def guessed_views(explained: Explained, counting: Counting, pages: Collection[str]) -> tuple[Counter[tuple[str, str]], int]:
    """
    Views of names without an ending that are not pages, such as /feed, where the log has no type: the maker knows it.

    A 304 has none in any log. And how many of their records came again.
    """
    found, ids = Counter[tuple[str, str]](), Counter[Any]()
    for _, outcomes in explained:
        for outcome in outcomes:
            if outcome.record is None or (outcome.reason or "duplicate") != "duplicate":
                continue
            request = outcome.record.request
            page = page_name(request.path or "", counting.index_documents)
            if request.content_type is None and page not in pages and "." not in page:
                record_id = request.record_id or object()
                found[page, iso(request.time)[:10]] += record_id not in ids
                ids[record_id] += 1
    return found, ids.total() - len(ids)


def test_every_page_and_day_has_the_true_number_of_views(corpus: Corpus) -> None:
    truth = true_counts(corpus.truth) + corpus.guessed

    differences = {
        where: (truth.get(where, 0), corpus.ours.get(where, 0))
        for where in truth.keys() | corpus.ours
        if truth.get(where, 0) != corpus.ours.get(where, 0)
    }

    assert differences == BOT_LIST_KNOWS_BETTER, f"make_logs.py {corpus.told}"
    assert sum(corpus.ours.values()) == views_of(corpus.truth) + corpus.guessed.total(), f"make_logs.py {corpus.told}"


def views_of(truth: Mapping[str, Any]) -> int:
    views: int = truth.get("with_clean_urls", truth)["page_views"]
    return views


def test_every_line_is_accounted_for(corpus: Corpus) -> None:
    answer, truth = corpus.answer, corpus.truth

    assert account_adds_up(answer)
    no_records = truth["empty"] + truth.get("headers", 0) + truth.get("other", 0)
    refused = range(sum(corpus.refused) + 1)  # for the maker such a line is malformed, or a header that was cut off
    assert truth["lines"] - no_records - answer["lines"] in refused, f"make_logs.py {corpus.told}"
    assert answer["views"] == views_of(truth) + corpus.guessed.total(), f"make_logs.py {corpus.told}"
    assert truth["malformed"] - answer["unreadable"] in refused, f"make_logs.py {corpus.told}"


def test_many_lines_at_once_say_the_same_as_each_explained(corpus: Corpus) -> None:
    digester = make_digester(AUTO, corpus.counting)
    for log_file, told in corpus.explained:
        (said,) = (part.lines for part in read_file(log_file, "a name", {}, digester) if part.lines)

        outcomes = Counter(outcome.reason or outcome.outcome for outcome in told)
        account = {"view": said.account.views, "unreadable": said.account.unreadable, **said.account.dropped}
        assert {name: count for name, count in account.items() if count} == outcomes, f"make_logs.py {corpus.told}"
        views = [outcome.view for outcome in told if outcome.view]
        # What has no id gets one by its place in the file, which a line by itself does not know.
        ids = [
            made.request_id if not view.request_id else view.request_id for made, view in zip(said.views, views, strict=True)
        ]
        assert list(said.views) == [view._replace(request_id=each) for view, each in zip(views, ids, strict=True)]
        times = [outcome.record.request.time for outcome in told if outcome.record]
        assert (said.first_time, said.last_time) == (min(times, default=None), max(times, default=None))


def test_records_that_came_twice_are_dropped_as_duplicates(corpus: Corpus) -> None:
    twice = true_counts(corpus.truth, "duplicate_views").total()

    assert corpus.answer["dropped"]["duplicate"] == twice + corpus.guessed_again, f"make_logs.py {corpus.told}"


def test_the_first_unreadable_lines_are_named_by_file_and_line(corpus: Corpus) -> None:
    told = corpus.imported.stderr.splitlines()

    assert sum(": unreadable: " in each for each in told) == min(corpus.answer["unreadable"], 5)
    assert sum("none of its lines is a record" in each for each in told) == len(corpus.refused)


@pytest.fixture(scope="module", params=["s3", *OTHER_FORMATS])
def visited(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """Logs of a format, whose people come back, read several pages and follow tagged links, and what is true of them."""
    folder = tmp_path_factory.mktemp(f"visited-{request.param}-")
    asked = [
        "--hostile",
        "0",
        "--visitors",
        "--campaigns",
        "0.3",
        "--lines",
        "800",
        "--days",
        "2",
        "--objects",
        "6",
        "--format",
        request.param,
    ]
    subprocess.run([sys.executable, MAKER, "--seed", "7", *asked, "--out", folder], check=True, capture_output=True, timeout=60)
    return folder / "logs", json.loads((folder / "truth.json").read_text())


def test_visitors_and_campaigns_are_the_true_ones(visited: tuple[Path, dict[str, Any]], counts_in: str, tmp_path: Path) -> None:
    """Whether each file comes by itself, all once more, or in a copy of another name."""
    logs, truth = visited
    files = sorted(path for path in logs.rglob("*") if path.is_file())
    copies = [shutil.copy(path, tmp_path / f"copy{place}{path.suffix}") for place, path in enumerate(files[:3])]
    for some in (files[1::2], files[::2], [logs, *copies]):
        assert ask("import", *some, "--store", counts_in).exit_code == 0

    with closing(open_store(counts_in, KEPT)) as store:
        (site,) = store.sites_with_views()
        found = store.visitors(site, FIRST_DAY, LAST_DAY)
        counted = {name: store.sums(site, name, FIRST_DAY, LAST_DAY) for name in DIMENSIONS}
    assert {day: each.visitors for day, each in found.items()} == truth["visitors"]
    suspected = {day: each.visitors - (each.loaded or 0) for day, each in found.items()}
    assert {day: visitors for day, visitors in suspected.items() if visitors} == truth["posing_visitors"]
    assert counted["campaign"] == truth["campaigns"]
    assert counted["campaign_source"] == truth["campaign_sources"]
    totals = {name: sum(values.values()) for name, values in counted.items()}
    assert totals["entry"] + counted["referrer"].get(INTERNAL, 0) == totals["referrer"]
    assert totals["page"] == truth["page_views"]
    # Some of CloudFront's files of v2 keep no referrers, so of their views it is not known whether they are arrivals.
    assert totals["referrer"] == totals["page"] or truth["format"] in ("cloudfront-v2", "cloudfront-json")


def test_who_loads_no_files_is_found_in_the_lines_alike(visited: tuple[Path, dict[str, Any]]) -> None:
    logs, truth = visited

    found = ask("suspects", logs, "--json", "--limit", "0").json

    assert found["visitors"] == sum(truth["visitors"].values())
    assert found["signs"][0]["visitors"] == sum(truth["posing_visitors"].values())
