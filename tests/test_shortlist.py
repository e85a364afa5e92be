"""What is left out of the expressions that are tried on a user agent could not have matched."""

import re
from functools import cache

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from footfall.pageviews import agents, bots
from footfall.pageviews.shortlist import STORED, Shortlist, needs, to_store

from .builders import CHROME, FIREFOX, GOOGLEBOT

TELEPHONE = "Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36"
WORDS = (
    "bot", "Spider", "crawler", "Mozilla/5.0", "(compatible; ", "http://", "Windows NT 10.0", "Android 14", "Build/",
    "CFNetwork", "Version/17.1 Safari/605", "OPR/1.2.3", "FBAN/", "iPhone OS 17_5", "curl/8", " at ", "ſ", "K", "İ", "ı", "é",
    ";", "-", " ", "1",
)  # fmt: skip


@cache
def expressions() -> list[tuple[Shortlist, list[re.Pattern[str]]]]:
    """Of browsers, of systems and of bots; all compiled, which is what the shortlist saves."""
    of_bots = bots._bots()
    found = [(each._shortlist, [re.compile(one.regex) for one in each._matchers]) for each in agents._matchers()]
    return [*found, (of_bots._shortlist, [of_bots._compiled[place] for place, _ in of_bots._shortlist._needs])]


@given(
    st.lists(st.sampled_from([CHROME, FIREFOX, GOOGLEBOT, TELEPHONE, *WORDS]), max_size=8).map("".join) | st.text(max_size=300)
)
@example("Mozilla/5.0 (Linux; SAMſUNG) İPHONE Kindle")
def test_every_expression_that_matches_is_on_the_list(agent):
    for shortlist, each in expressions():
        matching = {place for place, expression in enumerate(each) if expression.search(agent)}

        assert matching <= set(shortlist.of(agent))


@pytest.mark.parametrize(
    "expression", ["[a-z]+", "(?:abc)?", "a*", "(?!abc)x?", "(?:abc|)", "[^a]", ".", r"\d", "", "(?:a|[b-d])"]
)  # fmt: skip
def test_what_asks_for_nothing_certain_is_always_tried(expression):
    assert needs(expression) == []
    assert list(Shortlist([expression]).of("")) == [0]


def test_what_is_stored_is_of_the_lists_that_are_pinned():
    assert to_store(agents.expressions()) == STORED.read_text("utf-8"), "a list was changed: make shortlist"


def test_only_an_expression_that_is_not_stored_is_parsed(monkeypatch):
    parsed: list[str] = []

    def parse(expression):
        parsed.append(expression)
        return needs(expression)

    monkeypatch.setattr("footfall.pageviews.shortlist.needs", parse)

    made = Shortlist([*agents.expressions(), "(NewBrowser)/[0-9]+"])

    assert parsed == ["(NewBrowser)/[0-9]+"]
    assert len(made._needs) - 1 in made.of("NewBrowser/1")
    assert len(made._needs) - 1 not in made.of("OldBrowser/1")


def test_few_of_ua_parsers_expressions_are_tried_on_a_browser_or_on_garbage():
    browsers, systems = agents._matchers()

    for agent in (CHROME, FIREFOX, "bota" * 128, "Windows " * 64, "x" * 512):
        assert len([*browsers._shortlist.of(agent)]) + len([*systems._shortlist.of(agent)]) < 30


@pytest.mark.parametrize("agent", ["x" + " " * 500 + "y", "\t" * 512, "Mozilla/5.0 (" + " " * 490 + ")"])
def test_many_blanks_are_looked_at_as_one(agent):
    assert agents.know_agent(agent) == agents.know_agent(re.sub(r"\s+", " ", agent))
