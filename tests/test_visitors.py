"""Visitors: who is one, what is kept of them while a day is open, and that nothing is left of it once the day is closed."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from ipaddress import IPv6Address
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.cli.init import example_config
from footfall.pageviews.visitors import network_of, visitor_of
from footfall.stores import open_store
from footfall.stores.dynamodb import DynamoDBStore
from footfall.stores.dynamodb.query import query
from footfall.stores.hyperloglog import HASH_BYTES
from footfall.stores.sqlite import SQLiteStore

from .conftest import KEPT, digest, visitors_in
from .contracts.test_stores import SITE
from .contracts.test_visitors import EVER, LATER, seen

FIREFOX, CHROME = "Firefox/145.0", "Chrome/142.0"
NUMBERS = {"Visitors", "Loaded", "FromSearch", "FromSearchLoaded"}  # of a day in a table


@pytest.mark.parametrize(
    ("one", "other", "are_one"),
    [
        (("198.51.100.7", FIREFOX), ("198.51.100.7", FIREFOX), True),
        (("198.51.100.7", FIREFOX), ("198.51.100.7", CHROME), False),
        (("198.51.100.7", FIREFOX), ("198.51.100.8", FIREFOX), False),
        (("2001:db8:1:2:3:4:5:6", FIREFOX), ("2001:DB8:1:2::ffff", FIREFOX), True),
        (("2001:db8:1:2:3:4:5:6", FIREFOX), ("2001:db8:1:3:3:4:5:6", FIREFOX), False),
        (("::ffff:198.51.100.7", FIREFOX), ("198.51.100.7", FIREFOX), True),
        (("198.51.100.7", None), ("198.51.100.7", ""), True),
        (("host.example", FIREFOX), ("host.example", FIREFOX), True),
        (("no:address", "\ud800"), ("no:address", "\ud800"), True),
    ],
)
def test_a_visitor_is_an_address_and_a_user_agent(one: Any, other: Any, are_one: bool) -> None:
    assert (visitor_of(*one) == visitor_of(*other)) is are_one


@given(
    st.one_of(
        st.ip_addresses(v=6).map(str),
        st.ip_addresses(v=4).map("::ffff:{}".format),
        st.lists(st.sampled_from(["0", "0000", "1", "fFff", "abcd", ""]), min_size=3, max_size=9).map(":".join),
        st.text("0123456789abcdefF:.%", max_size=45).map("{}:".format),
    )
)
def test_a_network_is_what_the_standard_library_makes_of_it(address: str) -> None:
    try:
        whole = IPv6Address(address)
    except ValueError:
        assert network_of(address) == address
    else:
        assert network_of(address) == str(whole.ipv4_mapped or IPv6Address(int(whole) >> 64 << 64))


def test_whoever_has_no_address_is_no_visitor() -> None:
    assert visitor_of(None, FIREFOX) is None


def test_the_file_to_begin_with_explains_what_forgetting_visitors_is_worth() -> None:
    before, after = example_config().split("#visitors = true")

    assert "unless you choose otherwise below: keep_views" in before.rpartition("\n\n")[2]
    assert "#keep_views_days" in after


@pytest.fixture
def database(tmp_path: Path) -> Iterator[SQLiteStore]:
    """A database that each visitor of a day came to by a file of its own, and of another day by one file."""
    store = open_store(f"sqlite:{tmp_path}/counts.db", KEPT)
    assert isinstance(store, SQLiteStore)
    store.prepare("UTC")
    for number in range(0, 900, 90):
        views = [seen(each, each) for each in range(number, number + 90)]
        store.record(
            [digest(f"file{number}", views), digest(f"other{number}", [seen(5000 + number, number, day="2022-10-21")])]
        )
    yield store
    store.close()


def secrets_of(place: Path) -> list[bytes]:
    """The keys of all days, and hashes that are listed."""
    with closing(sqlite3.connect(place)) as connection:
        rows = connection.execute("SELECT key, hashes FROM visitors WHERE hashes IS NOT NULL").fetchall()
    lists = [packed for _, packed in rows if packed.startswith(b"L")]
    hashes = [packed[at : at + HASH_BYTES] for packed in lists for at in range(1, len(packed), HASH_BYTES)]
    sketches = [packed[20:40] for _, packed in rows if packed not in lists]
    return [*(key for key, _ in rows), *hashes, *sketches]


def left_of(secrets: list[bytes], folder: Path) -> int:
    """How many of them are in the bytes of the files."""
    content = b"".join(path.read_bytes() for path in folder.iterdir())
    return sum(each in content for each in secrets)


def test_no_key_and_no_hash_is_in_the_files_once_days_are_closed(database: SQLiteStore, tmp_path: Path) -> None:
    secrets = secrets_of(tmp_path / "counts.db")
    assert len(secrets) == 2 + 10 + 1
    assert left_of(secrets, tmp_path) == len(secrets)

    assert database.close_days(LATER) == 2

    assert {path.name for path in tmp_path.iterdir()} >= {"counts.db", "counts.db-wal"}
    assert left_of(secrets, tmp_path) == 0
    assert visitors_in(database, SITE, *EVER) == {"2022-10-20": pytest.approx(900, rel=0.04), "2022-10-21": 10}


def test_nor_are_hashes_of_a_day_that_was_smaller_then(tmp_path: Path) -> None:
    """What a list had before it grew, or became a sketch, was written over as well."""
    with closing(open_store(f"sqlite:{tmp_path}/counts.db", KEPT)) as store:
        store.prepare("UTC")
        secrets = []
        for number in range(0, 1000, 100):
            store.record([digest(f"file{number}", [seen(each, each) for each in range(number, number + 100)])])
            secrets += secrets_of(tmp_path / "counts.db")

        store.close_days(LATER)

        assert left_of(secrets, tmp_path) == 0


def test_where_somebody_reads_meanwhile_the_log_is_emptied_the_next_time(database: SQLiteStore, tmp_path: Path) -> None:
    place = tmp_path / "counts.db"
    secrets = secrets_of(place)
    with closing(sqlite3.connect(place, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM visitors").fetchone()
        database.close_days(LATER)
        assert left_of(secrets, tmp_path) > 0
        reader.execute("COMMIT")

        assert database.close_days(LATER) == 0

    assert left_of(secrets, tmp_path) == 0


@pytest.fixture
def table(table_url: Callable[[], str]) -> DynamoDBStore:
    store = open_store(table_url(), KEPT)
    assert isinstance(store, DynamoDBStore)
    store.prepare("UTC")
    loaded = {("www.example.org", "2022-10-20"): {b"somebody"}}
    store.record([digest("one", [seen(1, 1), seen(2, 2)], loaders=loaded), digest("two", [seen(3, 1, day="2022-10-21")])])
    return store


def kept(store: DynamoDBStore) -> dict[str, set[str]]:
    """The items of visitors, and the names of their attributes."""
    items = query(store.requests, f"#{SITE}#visitors")
    return {item["SortKey"]["S"]: set(item) - {"PageName", "SortKey"} for item in items}


def test_no_key_and_no_hash_is_in_the_table_once_days_are_closed(table: DynamoDBStore) -> None:
    assert kept(table)["2022-10-20"] == {*NUMBERS, "Hashes", "Signs", "ChangedAt"}
    assert kept(table)["key#2022-10-20"] == {"Key", "ExpiresAt"}

    assert table.close_days(LATER) == 2

    assert kept(table) == {"2022-10-20": NUMBERS, "2022-10-21": NUMBERS}


def test_a_day_whose_key_has_expired_keeps_its_number_and_takes_nobody(table: DynamoDBStore) -> None:
    requests = table.requests
    requests.send("delete_item", TableName=requests.table, Key=requests.typed((f"#{SITE}#visitors", "key#2022-10-20")))

    (account,) = table.record([digest("late", [seen(9, 9)])])

    assert account is not None
    assert account.late_visitors == 1
    assert table.close_days(LATER) == 2
    assert visitors_in(table, SITE, *EVER) == {"2022-10-20": 2, "2022-10-21": 1}


def test_a_key_that_a_crash_has_left_is_deleted(table: DynamoDBStore) -> None:
    """The day was closed, or nobody was added after it was made."""
    requests = table.requests
    for day, expires_at in (("2022-10-20", LATER + 1), ("2022-10-22", LATER - 1), ("2022-10-23", LATER + 1)):
        item = {"Key": {"B": b"k" * 16}, "ExpiresAt": {"N": str(int(expires_at))}}
        key = requests.typed((f"#{SITE}#visitors", f"key#{day}"))
        requests.send("put_item", TableName=requests.table, Item={**key, **item})
        if day == "2022-10-20":
            table.close_days(LATER)
            requests.send("put_item", TableName=requests.table, Item={**key, **item})

    table.close_days(LATER)

    assert kept(table) == {"2022-10-20": NUMBERS, "2022-10-21": NUMBERS, "key#2022-10-23": {"Key", "ExpiresAt"}}
