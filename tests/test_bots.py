"""Bots: which are found, which people are taken for one, what they read for, and what they read."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from footfall.digest import make_digester
from footfall.pageviews.agents import bot_class, know_agent
from footfall.pageviews.classes import ABOUT_CLASSES, FOR_READERS
from footfall.pageviews.counting import Counting

from .builders import ask, line

AGENTS = Path(__file__).parent / "agents"
SCRIPT = Path(__file__).parents[1] / "scripts/compare_bots.py"
GPTBOT = "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.3; +https://openai.com/gptbot)"
AHREFS = "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)"


def kept_back(name: str) -> list[str]:
    return [row for row in (AGENTS / name).read_text("utf-8").splitlines() if not row.startswith("#")]


def counts(*lines: bytes, counting: Counting | None = None) -> dict[str, dict[str, int]]:
    """Dimension -> value -> how many requests of bots."""
    found: dict[str, dict[str, int]] = {}
    for (_, dimension, _, value), times in make_digester("s3", counting or Counting()).read([b"\n".join(lines)]).drops.items():
        found.setdefault(dimension, {})[value] = times
    return found


def test_one_in_a_thousand_people_at_most_is_taken_for_a_bot():
    people = kept_back("people.txt")

    taken = {agent: bot for agent in people if (bot := know_agent(agent).bot)}

    assert len(people) > 1000
    assert len(taken) <= len(people) / 1000, taken


def test_all_but_one_in_a_hundred_declared_bots_are_found():
    bots = [row.split("\t")[1] for row in kept_back("bots.tsv")]

    missed = [agent for agent in bots if not know_agent(agent).bot]

    assert len(missed) <= len(bots) / 100, missed


def test_bots_are_of_the_class_that_their_operators_say():
    classes = [row.split("\t") for row in kept_back("bots.tsv")]

    wrong = [(agent, bot_class(agent)) for kind, agent in classes if bot_class(agent) != kind]

    assert {kind for kind, _ in classes} == {*ABOUT_CLASSES}
    assert wrong == []


@pytest.mark.parametrize("agent", [None, ""])
def test_who_sends_no_agent_is_of_no_known_class(agent):
    assert bot_class(agent) == "other"


def test_bots_are_counted_by_class():
    found = counts(
        line(agent=GPTBOT), line("b.html", agent=GPTBOT), line(agent=AHREFS), line(agent="-"), line(agent="curl/8.14.1")
    )

    assert found["bot_class"] == {"AI training": 2, "SEO": 1, "other": 1, "library": 1}


def test_a_bot_of_the_owners_patterns_is_of_no_known_class():
    found = counts(line(), counting=Counting(bots=(re.compile("chrome", re.IGNORECASE),)))

    assert found["bot_class"] == {"other": 1}


def test_of_bots_that_read_for_people_each_page_is_counted():
    found = counts(
        line("blog/a/index.html", agent=GPTBOT), line("blog/a/index.html", agent=GPTBOT), line("index.html", agent=GPTBOT),
        line("blog/a/index.html", agent=AHREFS), line("a.css", agent=GPTBOT), line("b.html", agent="-"),
    )  # fmt: skip

    assert found["bot_page"] == {"GPTBot /blog/a": 2, "GPTBot /": 1}
    assert sum(found["bot_page"].values()) == sum(found["bot_class"][kind] for kind in FOR_READERS & {*found["bot_class"]})


def test_one_bots_pages_are_asked_for_by_how_they_begin(here):
    (here / "a.log").write_bytes(
        b"\n".join([line("a.html", agent=GPTBOT), line("b.html", agent=AHREFS.replace("Ahrefs", "bing"))])
    )
    ask("import", "a.log")

    assert ask("top", "bot_page", "--prefix", "GPTBot /", "--json").rows == {"GPTBot /a.html": 1}


def test_bots_are_a_measure_of_the_whole_site(here):
    days = ["2026-10-20 08:00:00", "2026-10-20 09:00:00", "2026-10-23 08:00:00"]
    lines = [line(f"{number}.html", at=at, agent=(GPTBOT, AHREFS, "-")[number]) for number, at in enumerate(days)]
    (here / "a.log").write_bytes(b"\n".join([*lines, line("a.html", at=days[0])]))
    ask("import", "a.log")

    found = ask("history", "--measure", "bots", "--by", "week", "--json").json
    csv = ask("history", "--measure", "bots", "--csv", "--start", "2026-10-23").stdout.splitlines()
    refused = [ask("history", "0.html", "--measure", "bots"), ask("pages", "--measure", "bots")]
    (here / "footfall.toml").write_text("[dimensions]\nbot = false\n")
    off = ask("history", "--measure", "bots", "--json").json

    assert found["series"] == [{"at": "2026-10-19", "views": 1, "bots": 3}]
    assert (found["total"], found["total"]) == (3, sum(ask("top", "bot_class", "--json").rows.values()))
    assert csv == ["at,views,bots", "2026-10-23,0,1"]
    assert (
        refused[0]
        .stderr.splitlines()[0]
        .endswith("bots are only counted for the whole site: leave out page, prefix and filter")
    )
    assert "no bots are counted by page" in refused[1].stderr
    assert (off["total"], off["turned_off"].partition(",")[0]) == (0, "bot is not counted: the setting dimensions turns it off")


def test_other_kept_lists_are_compared_by_one_command(node):
    said = subprocess.run([sys.executable, SCRIPT], capture_output=True, text=True, check=False)

    assert said.returncode == 0, said.stderr
    assert "isbot's words that do not make" in said.stdout
    assert "\n0 people's agents that are taken for a bot's\n" in said.stdout
