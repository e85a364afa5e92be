"""
What DynamoDB refuses for good never gets into a commit, which would hold up all that comes after it: no log file has it.
The emulator does not refuse all of that where PartiQL inserts, so what is written is looked at here.

The limits: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
"""

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footfall.digest import make_digester
from footfall.items import DEFAULT_ITEM, NAMES, ItemMap
from footfall.pageviews.counting import Counting
from footfall.sources.names import documented_name
from footfall.stores.dynamodb.content import additions_of
from footfall.stores.dynamodb.keys import Key, ledger_key, site_key, view_key
from footfall.stores.dynamodb.sizes import size_of
from footfall.stores.dynamodb.views import claims
from footfall.stores.shapes import KEEP_ALL
from footfall.tallies import tally

from .builders import CHROME, line, name
from .conftest import view

LONGEST_PARTITION_KEY, LONGEST_SORT_KEY = 2048, 1024  # bytes
LONGEST_KEY_OF_S3 = 1024  # bytes
LARGEST_ITEM = 400 * 1024  # bytes, names and values
MOST_DIGITS = 38


def long_texts(*pieces: str) -> st.SearchStrategy[str]:
    """Texts of a piece again and again, up to some thousand bytes, with another one at its end."""
    return st.builds(
        lambda one, times, end: one * times + end, st.sampled_from(pieces), st.integers(1, 1100), st.sampled_from(pieces)
    )


def fit(keys: Iterable[Key]) -> bool:
    """Whether DynamoDB takes them."""
    return all(
        0 < len(partition.encode()) <= LONGEST_PARTITION_KEY and 0 < len(sort.encode()) <= LONGEST_SORT_KEY
        for partition, sort in keys
    )


@settings(deadline=None)  # a busy machine is no failure
@given(
    bucket=long_texts("a", "é", "😀", "#"),
    host=long_texts("a", "é", "😀", "#", "-"),
    key=long_texts("a", "%25F0%259F%2598%2580", "%2500", "#", "/", ".", "index.html", "-", "%25ED%25A0%2580"),
    status=st.sampled_from(["200", "404", "302", "-"]),
    referrer=long_texts("https://", "a", "é", ".", "/", "#", "\0"),
    agent=long_texts("a", "é", "#", "bot", "Chrome/9 ", "\udcff"),
)
def test_no_line_brings_a_key_that_is_refused(
    bucket: str, host: str, key: str, status: str, referrer: str, agent: str
) -> None:  # fmt: skip
    item = ItemMap(DEFAULT_ITEM)
    record = line(key, bucket=bucket, status=status, referrer=referrer, agent=agent, tail=f"- h= - - - {host} - - -")

    said = make_digester("s3", Counting()).read([record + b"\n"])

    assert not said.unreadable
    assert fit(additions_of([tally(said.views, said.drops)]))
    assert fit(view_key(item, view)[1] for view in said.views)
    assert fit(site_key(site) for site in {view.site for view in said.views} | {site for site, *_ in said.drops})


@settings(deadline=None)
@given(prefix=long_texts("a", "é", "😀", "#", "."), part=st.integers(0, 99_999))
def test_no_log_file_has_a_name_that_the_ledger_cannot_keep(prefix: str, part: int) -> None:
    key = prefix.encode()[: LONGEST_KEY_OF_S3 - len(name(1))].decode("utf-8", "ignore") + name(1)

    known_by = documented_name(key)

    assert known_by is None or fit([ledger_key(known_by, part)])
    assert known_by == key or len(key.encode()) > 1000


@pytest.mark.parametrize(
    "stranger",
    [{"referrer": "9" * 39}, {"referrer": "-" + "9" * 39}, {"referrer": "é" * 4000}, {"agent": f"{CHROME} " + "é" * 4000}],
    ids=["39 digits", "39 digits below zero", "long referrer", "long agent"],
)
def test_no_stranger_makes_an_item_that_is_refused_of_a_view_with_every_field(stranger: dict[str, str]) -> None:
    item = ItemMap(
        {
            "PageName": "{site}/{page}", "SortKey": "{epoch}#{user_agent}", "Number": {"value": "{referrer}", "type": "N"},
            **{f"Of {field}": f"{{{field}}}" for field in {name.lower(): name for name in NAMES}.values()},
        }
    )  # fmt: skip
    page = "%25F0%259F%2598%2580" * 253 + "/index.html"  # as long as a key of S3 may be
    said = make_digester("s3", Counting(facts=item.facts)).read([line(page, **stranger) + b"\n"])

    (claim,) = claims(item, KEEP_ALL, [(name(1), list(said.views))])

    texts = [text for name, typed in claim.item.items() for text in (name, *typed.values())]
    assert fit([claim.key])
    assert sum(len(text.encode()) for text in (*claim.key, *texts)) < LARGEST_ITEM
    assert all(len(typed["N"].lstrip("-")) <= MOST_DIGITS for typed in claim.item.values() if "N" in typed)


@pytest.mark.parametrize("agent", ["x" * 7900, "é" * 3950, "x" * 200 + "😀" * 1900])
def test_an_item_that_would_be_too_large_has_its_longest_attributes_cut(agent: str) -> None:
    item = ItemMap(
        {
            "PageName": "{page}",
            "SortKey": "{epoch}",
            **{f"A{number}": "{user_agent}" for number in range(60)},
            "R": "{remote_ip}",
        }
    )

    (claim,) = claims(item, KEEP_ALL, [("one", [view(1, user_agent=agent)])])
    (small,) = claims(item, KEEP_ALL, [("one", [view(1, user_agent=agent[:1500])])])

    cut = [claim.item[f"A{number}"]["S"] for number in range(60)]
    assert claim.is_cut
    assert LARGEST_ITEM * 0.95 < size_of(claim.key, claim.item) < LARGEST_ITEM
    assert all(agent.startswith(text) and len(text) > len(agent) * 0.75 for text in cut)
    assert claim.item["R"] == {"S": "198.51.100.7"}
    assert not small.is_cut
    assert small.item["A1"] == {"S": agent[:1500]}


def test_a_number_as_large_as_dynamodb_holds_is_kept() -> None:
    item = ItemMap({"P": "{page}", "S": "{epoch}", "Number": {"value": "{page}", "type": "N"}})

    assert [item.make(view(page="9" * digits)).get("Number") for digits in (38, 39)] == [10**38 - 1, None]
