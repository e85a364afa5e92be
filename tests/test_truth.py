"""
Large, realistic logs against the truth that their maker wrote beside them.

The maker is no part of this repository: it is found in shared/tools/ beside the checkout, or where
FOOTFALL_TEST_MAKE_LOGS says; without it these tests are skipped.
"""

import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

import pytest

from footfall.digest import make_digester
from footfall.pageviews.counting import Counting
from footfall.pipeline.parts import read_lines, read_parts
from footfall.sources.local import find_logs

from .builders import Answer, account_adds_up, counts, run

BESIDE = Path(__file__).parents[2] / "shared" / "tools" / "make_logs.py"
MAKER = Path(os.environ.get("FOOTFALL_TEST_MAKE_LOGS") or os.environ.get("FOOTFALL_MAKE_LOGS") or BESIDE)

pytestmark = pytest.mark.skipif(
    not MAKER.is_file(),
    reason="no make_logs.py: put shared/tools/make_logs.py beside the checkout, or name it in FOOTFALL_TEST_MAKE_LOGS",
)

RANDOM_SEED = random.SystemRandom().randrange(10, 1_000_000)
# Views by (page, day) that differ from the truth because the kept list of bots knows better: truth and ours. None so far.
BOT_LIST_KNOWS_BETTER: Mapping[tuple[str, str], tuple[int, int]] = {}


class Corpus(NamedTuple):
    """One run of the maker, imported."""

    told: str
    """The arguments that make it again."""
    truth: dict[str, Any]
    imported: Answer
    ours: dict[tuple[str, str], int]
    logs: Path


CORPORA = {
    "one file": ["--seed", "1", "--lines", "30000"],
    "many files": ["--seed", "2", "--lines", "40000", "--objects", "300", "--days", "10"],
    "gzip": ["--seed", "3", "--lines", "20000", "--objects", "20", "--gzip", "--pages", "60"],
    "hostile": ["--seed", "4", "--lines", "20000", "--objects", "3", "--hostile", "0.2", "--duplicates", "0.05"],
    "random": ["--seed", str(RANDOM_SEED), "--lines", "30000", "--objects", "7", "--hostile", "0.01", "--pages", "900"],
}


@pytest.fixture(scope="module", params=CORPORA)
def corpus(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    folder = tmp_path_factory.mktemp("truth")
    arguments = CORPORA[request.param]
    subprocess.run([sys.executable, MAKER, *arguments, "--out", folder], check=True, capture_output=True, timeout=60)
    imported = run("import", folder / "logs", "--json", cwd=folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        ours = counts()
    return Corpus(" ".join(arguments), json.loads((folder / "truth.json").read_text()), imported, ours, folder / "logs")


def page_of(truth_page: str) -> str:
    """The maker's page is the key as logged without index.html; ours is decoded, without slashes at its ends."""
    return unquote(unquote(truth_page)).strip("/") or "/"


def true_counts(truth: Mapping[str, Any]) -> dict[tuple[str, str], int]:
    found: Counter[tuple[str, str]] = Counter()
    for page, days in truth["views"].items():
        for day, views in days.items():
            found[page_of(page), day] += views
    return found


def test_every_page_and_day_has_the_true_number_of_views(corpus: Corpus) -> None:
    truth = true_counts(corpus.truth)

    differences = {
        where: (truth.get(where, 0), corpus.ours.get(where, 0))
        for where in truth.keys() | corpus.ours
        if truth.get(where, 0) != corpus.ours.get(where, 0)
    }

    assert differences == BOT_LIST_KNOWS_BETTER, f"make_logs.py {corpus.told}"
    assert sum(corpus.ours.values()) == corpus.truth["page_views"], f"make_logs.py {corpus.told}"


def test_every_line_is_accounted_for(corpus: Corpus) -> None:
    answer, truth = corpus.imported.json, corpus.truth

    assert account_adds_up(answer)
    assert answer["lines"] == truth["lines"] - truth["empty"], f"make_logs.py {corpus.told}"
    assert answer["views"] == truth["page_views"], f"make_logs.py {corpus.told}"
    assert answer["unreadable"] == truth["malformed"], f"make_logs.py {corpus.told}"


def test_many_lines_at_once_say_the_same_as_each_explained(corpus: Corpus) -> None:
    for log_file in find_logs(str(corpus.logs)):
        told = [outcome for _, outcome in make_digester("s3", Counting()).explain(read_lines(log_file))]

        said = make_digester("s3", Counting()).read(block for part in read_parts(log_file) for block in part.blocks())

        outcomes = Counter(outcome.reason or outcome.outcome for outcome in told)
        account = {"view": said.account.views, "unreadable": said.account.unreadable, **said.account.dropped}
        assert {name: count for name, count in account.items() if count} == outcomes, f"make_logs.py {corpus.told}"
        assert list(said.views) == [outcome.view for outcome in told if outcome.view], f"make_logs.py {corpus.told}"
        times = [outcome.record.request.time for outcome in told if outcome.record]
        assert (said.first_time, said.last_time) == (min(times), max(times))


def test_records_that_came_twice_are_dropped_as_duplicates(corpus: Corpus) -> None:
    twice = sum(views for days in corpus.truth["duplicate_views"].values() for views in days.values())

    assert corpus.imported.json["dropped"]["duplicate"] == twice, f"make_logs.py {corpus.told}"


def test_the_first_unreadable_lines_are_named_by_file_and_line(corpus: Corpus) -> None:
    told = corpus.imported.stderr.splitlines()

    assert sum(": unreadable: " in each for each in told) == min(corpus.truth["malformed"], 5)
