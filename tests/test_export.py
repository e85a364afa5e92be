"""`footfall export`: views and counts as tables in files."""

import csv
import io
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from .builders import ask, line, patched, run, says, write_log

ITEM = (
    '{ PageName = "{site}/{page}", SortKey = "{epoch}#{request_id}", Agent = "{user_agent}", '
    'Ms = { value = "{total_time}", type = "N" } }'
)
SETTINGS = {"FOOTFALL_ITEM": ITEM}


@pytest.fixture
def filled(counts_in: str, here: Path) -> str:
    """Views of two sites on two days, and what was not found, one of it a formula."""
    lines = [
        line("a/", "2026-10-20 08:00:00", bucket="a.example", total_time=12),
        line(
            "a/", "2026-10-21 08:00:00", bucket="a.example", agent='a "quoted", one Firefox/130.0 Mozilla/5.0', total_time="-"
        ),
        line("b.html", "2026-10-20 23:59:59", bucket="a.example"),
        line("a/", "2026-10-20 09:00:00", bucket="b.example"),
        line("=1+1", "2026-10-20 09:00:00", bucket="a.example", status=404),
    ]
    write_log(here / "logs", lines)
    assert ask("import", here / "logs", "--store", counts_in, env=SETTINGS).exit_code == 0
    return counts_in


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def in_parquet(place: str) -> list[dict[str, Any]]:
    """The rows of a Parquet file."""
    from arro3.io import read_parquet

    table = read_parquet(place).read_all()
    columns = {each: table.column(each).to_pylist() for each in table.schema.names}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def test_every_view_is_a_row_with_what_is_kept_of_it(filled: str) -> None:
    rows = rows_of(ask("export", "views", "--store", filled, env=SETTINGS).stdout)

    assert list(rows[0]) == ["time", "site", "page", "SortKey", "Agent", "Ms"]
    assert [(row["time"], row["site"], row["page"], row["Ms"]) for row in rows] == [
        ("2026-10-20T08:00:00Z", "a.example", "a", "12"),
        ("2026-10-21T08:00:00Z", "a.example", "a", ""),
        ("2026-10-20T23:59:59Z", "a.example", "b.html", "12"),
        ("2026-10-20T09:00:00Z", "b.example", "a", "12"),
    ]
    assert rows[1]["Agent"] == 'a "quoted", one Firefox/130.0 Mozilla/5.0'


def test_counts_add_up_to_what_reports_say(filled: str) -> None:
    rows = rows_of(ask("export", "counts", "--store", filled, env=SETTINGS).stdout)

    sums: Counter[tuple[str, str, str]] = Counter()
    for row in rows:
        sums[row["site"], row["dimension"], row["value"]] += int(row["views"])
    for site in ("a.example", "b.example"):
        for dimension in ("page", "browser", "status", "hour"):
            expected = ask("top", dimension, "--site", site, "--store", filled, "--json", env=SETTINGS).rows
            assert {value: n for (of, by, value), n in sums.items() if (of, by) == (site, dimension)} == expected
    assert sums["a.example", "not_found", "'=1+1"] == 1
    assert {row["day"] for row in rows} == {"2026-10-20", "2026-10-21"}


def test_a_site_and_a_period_are_chosen(filled: str) -> None:
    asked = ("--site", "a.example", "--period", "2026-10-20", "--store", filled)

    views = rows_of(ask("export", "views", *asked, env=SETTINGS).stdout)
    counts = rows_of(ask("export", "counts", *asked, env=SETTINGS).stdout)

    assert [(row["page"], row["time"][:10]) for row in views] == [("a", "2026-10-20"), ("b.html", "2026-10-20")]
    assert {(row["site"], row["day"]) for row in counts} == {("a.example", "2026-10-20")}
    says(ask("export", "views", "--site", "c.example", "--store", filled, env=SETTINGS), "c.example", code=2)


def test_parquet_has_the_same_rows_with_types(filled: str) -> None:
    pytest.importorskip("arro3.io")
    from_csv = rows_of(ask("export", "views", "--store", filled, env=SETTINGS).stdout)

    said = ask("export", "views", "views.parquet", "--store", filled, "--json", env=SETTINGS).json
    assert (said["what"], said["file"], said["rows"]) == ("views", "views.parquet", 4)
    assert ask("export", "counts", "counts.parquet", "--store", filled, env=SETTINGS).exit_code == 0

    rows = in_parquet("views.parquet")
    assert [f"{row['time']:%Y-%m-%dT%H:%M:%SZ}" for row in rows] == [row["time"] for row in from_csv]
    assert [row["Agent"] for row in rows] == [row["Agent"] for row in from_csv]
    assert [row["Ms"] for row in rows] == [12, None, 12, 12]
    counts = in_parquet("counts.parquet")
    assert {row["day"] for row in counts} == {date(2026, 10, 20), date(2026, 10, 21)}
    assert [row["views"] for row in counts if row["value"] == "=1+1"] == [1]
    assert not list(Path().glob("*.part"))


def test_many_rows_are_written_batch_by_batch(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("arro3.io")
    monkeypatch.setattr("footfall.cli.table_files.ROWS_AT_ONCE", 7)
    write_log(here / "logs", [line(f"p{number}.html") for number in range(50)])
    ask("import", "logs")

    assert ask("export", "views", "v.parquet").stdout == "v.parquet: 50 rows of views\n"
    assert sorted(row["page"] for row in in_parquet("v.parquet")) == sorted(f"p{number}.html" for number in range(50))


def test_a_file_that_cannot_be_made_is_named_and_nothing_is_left(here: Path) -> None:
    write_log(here / "logs", [line()])
    ask("import", "logs")
    Path("there.parquet").write_text("as it was")
    breaking = "from footfall.reports import exported\nfrom footfall.errors import StoreError\n"
    breaking += "def broken(*_):\n    raise StoreError('the store broke off')\n    yield\nexported._of_sites = broken"

    says(ask("export", "views", "views.txt"), "views.txt", ".csv or .parquet", code=2)
    says(ask("export", "views", "no/folder/views.csv"), "no/folder/views.csv", "cannot be written", code=1)
    says(ask("export", "views", "--json"), "--json", "FILE", code=2)
    says(ask("export", "views", "--store", "sqlite:none.db"), "none.db", code=1)
    for file in ("there.parquet", "v.csv"):
        says(run("export", "views", file, command=patched(breaking)), "the store broke off", code=1)
    without = "sys.modules['arro3'] = None"
    says(run("export", "views", "v.parquet", command=patched(without)), "v.parquet", "footfall[parquet]", "CSV", code=2)
    assert Path("there.parquet").read_text() == "as it was"
    assert sorted(path.name for path in here.glob("v*")) == []
