"""
What DynamoDB refuses for good never gets into a group, which would hold up all that comes after it: no log file has it.

The limits: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
"""

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from footfall.dimensions import tally
from footfall.formats import FORMATS
from footfall.items import DEFAULT_ITEM, ItemMap
from footfall.pageviews.counting import Counting
from footfall.pageviews.digest import Digester
from footfall.sources.names import documented_name
from footfall.stores.dynamodb.groups import additions_of
from footfall.stores.dynamodb.keys import Key, ledger_key, site_key, view_key

from .builders import line, name

LONGEST_PARTITION_KEY, LONGEST_SORT_KEY = 2048, 1024  # bytes
LONGEST_KEY_OF_S3 = 1024  # bytes


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

    said = Digester(FORMATS["s3"], Counting()).read([record + b"\n"])

    assert not said.unreadable
    assert fit(additions_of([tally(said.views, said.drops)]))
    assert fit(view_key(item, view)[1] for view in said.views)
    assert fit(site_key(each.site) for each in (*said.views, *said.drops))


@given(prefix=long_texts("a", "é", "😀", "#", "."), part=st.integers(0, 99_999))
def test_no_log_file_has_a_name_that_the_ledger_cannot_keep(prefix: str, part: int) -> None:
    key = prefix.encode()[: LONGEST_KEY_OF_S3 - len(name(1))].decode("utf-8", "ignore") + name(1)

    known_by = documented_name(key)

    assert known_by is None or fit([ledger_key(known_by, part)])
    assert known_by == key or len(key.encode()) > 1000
