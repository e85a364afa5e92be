"""Suspected bots: visitors who load no picture, style or script of the pages. They are shown, and count like the others."""

import random
from collections.abc import Sequence
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from footfall.digest import make_digester
from footfall.pageviews.assets import is_asset
from footfall.pageviews.counting import Counting
from footfall.pageviews.visitors import visitor_of
from footfall.stores.signs import FROM_SEARCH, LOADED, MOST_SAMPLED, NOTHING, VIEWED, merged, with_signs

from .builders import CHROME, FIREFOX, GOOGLEBOT, ask, line, name, run, write_log
from .serving import api_over

GOOGLE = "https://www.google.com/"


def page(reader: int, day: str = "2026-10-20", **more: Any) -> bytes:
    return line(at=f"{day} 08:00:00", remote_ip=f"198.51.100.{reader}", **more)


def style(reader: int, day: str = "2026-10-20", **more: Any) -> bytes:
    return line(f"css/{reader}.css", f"{day} 08:00:01", remote_ip=f"198.51.100.{reader}", **more)


def suspects(*arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = ask("history", *arguments, "--json").json["suspected_bots"]
    return found


def count(here: Path, *files: Sequence[bytes], first: int = 1, **settings: str) -> None:
    flags = [part for flag, value in settings.items() for part in (f"--{flag.replace('_', '-')}", value)]
    for number, lines in enumerate(files, first):
        write_log(here / "logs", list(lines), name(number))
        assert ask("import", "logs", *flags).exit_code == 0


@pytest.mark.parametrize(
    ("path", "content_type", "belongs"),
    [
        ("/css/main.css", None, True),
        ("/A.PNG", None, True),
        ("/favicon.ico", "application/octet-stream", True),
        ("/picture", "image/svg+xml; charset=utf-8", True),
        ("/app", "Text/JavaScript", True),
        ("/feed.xml", "application/xml", False),
        ("/paper.pdf", "application/pdf", False),
        ("/about", None, False),
        (None, None, False),
    ],
)
def test_a_file_of_a_page_is_a_picture_a_style_a_script_or_a_font(path: str, content_type: str, belongs: bool) -> None:
    assert is_asset(path, content_type) is belongs


def test_whoever_loads_a_file_that_day_is_no_suspect_in_whichever_file_of_the_log_it_is(here: Path) -> None:
    readers = [page(reader, referrer=GOOGLE) for reader in range(1, 5)]
    bots = [page(reader) for reader in (11, 12)]
    before = [style(1), style(2, status=304)]
    # On another day; a file that is not there; what another browser at the same address loads; what is no file of a page.
    others = [
        style(11, "2026-10-21"), style(12, status=404), style(12, agent=FIREFOX), line("paper.pdf", remote_ip="198.51.100.12"),
    ]  # fmt: skip

    count(here, before, readers + bots, [style(3), style(4), style(4), *others])

    assert suspects() == {"visitors": 2, "loaded_files": 4, "unknown_days": 0, "why_unknown": None}
    assert ask("history", "--json").json["visitors"] == 6
    told = run("history", "--by", "month").stdout.splitlines()
    assert told[-2:] == [
        "visitors: 6, the sum of the days", "suspected bots: 2 of 6 visitors loaded no picture, style or script"
    ]  # fmt: skip
    with api_over("sqlite:footfall.db") as api:
        total = api.get("/api/v1/stats/total?compare=previous").json()
        assert total["suspected_bots"] == suspects()
        assert total["previous"]["suspected_bots"]["visitors"] == 0
        assert "suspected_bots" not in api.get("/api/v1/stats/total?page=blog/a").json()


def test_what_bots_and_excluded_addresses_load_is_nobodys() -> None:
    counting = Counting(exclude_addresses=(ip_network("198.51.100.3/32"),))
    lines = [style(1), style(2, agent=GOOGLEBOT), style(3), style(4, agent="-")]

    found = make_digester("s3", counting).read([b"\n".join(lines)])

    assert found.loaders == {("www.example.com", "2026-10-20"): {visitor_of("198.51.100.1", CHROME)}}


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ([page(1), page(2)], "no visitor loaded a picture, style or script: they are in another log, or not logged"),
        (
            [
                *(page(reader, referrer=GOOGLE) for reader in range(10)),
                *(style(reader) for reader in range(8)),
                page(50),
                style(50),
            ],
            "only 80% of the visitors from search engines loaded a picture, style or script",
        ),
    ],
)
def test_where_people_load_none_either_it_says_so_instead(lines: list[bytes], why: str, here: Path) -> None:
    count(here, lines)

    found = suspects()

    assert (found["visitors"], found["loaded_files"]) == (None, None)
    assert found["why_unknown"].startswith(why)
    assert "suspected" not in run("history").stdout  # JSON and the dashboard say why


def test_nine_in_ten_of_those_from_search_engines_are_enough(here: Path) -> None:
    count(here, [page(reader, referrer=GOOGLE) for reader in range(10)], [style(reader) for reader in range(9)])

    assert suspects()["visitors"] == 1


@pytest.mark.parametrize("settings", [{"suspected_bots": "false"}, {"visitors": "false"}])
def test_it_can_be_turned_off_and_then_nothing_of_it_is_kept(settings: dict[str, Any], here: Path) -> None:
    count(here, [page(1), style(1)], **settings)
    assert make_digester("s3", Counting(suspected_bots=False)).read([style(1)]).loaders is None

    count(here, [page(1, "2026-10-21"), style(1, "2026-10-21"), page(2, "2026-10-21")], first=2)

    kept = "visitors" not in settings
    assert suspects() == {"visitors": 1, "loaded_files": 1, "unknown_days": int(kept), "why_unknown": None}
    assert suspects("--end", "2026-10-20")["visitors"] is None
    assert "suspected" not in run("history", "--end", "2026-10-20").stdout
    assert ("style or script; not known of 1 day" in run("history").stdout) is kept


def test_it_is_told_without_the_dimension_channel_as_well(here: Path) -> None:
    (here / "footfall.toml").write_text("[dimensions]\nchannel = false\n")
    count(here, [page(1, referrer=GOOGLE), page(2)], [style(2)])

    assert suspects()["why_unknown"].startswith("only 0% of the visitors from search engines")


def made_up(number: int, seed: int = 1) -> dict[bytes, int]:
    """Hashes, and what they did."""
    dice = random.Random(seed)
    return {
        dice.randbytes(5): dice.choice((VIEWED, VIEWED | LOADED, LOADED, VIEWED | FROM_SEARCH | LOADED)) for _ in range(number)
    }


@pytest.mark.parametrize("number", [1, 60, MOST_SAMPLED, 3 * MOST_SAMPLED])
def test_signs_are_the_same_bytes_in_whichever_order_and_however_often_they_come(number: int) -> None:
    signs, dice = made_up(number), random.Random(number)
    single = [(each, bit) for each, did in signs.items() for bit in (VIEWED, LOADED, FROM_SEARCH) if did & bit]
    pieces = [single[start::9] for start in range(9)]
    packed = NOTHING
    for piece in dice.sample([*pieces, *pieces[:4]], 13):
        found: dict[bytes, int] = {}
        for each, bit in piece:
            found[each] = found.get(each, 0) | bit
        packed = merged(packed, found)

    assert packed == merged(NOTHING, signs)
    assert merged(packed, dict([*signs.items()][:50])) is packed


def test_as_many_as_there_is_room_for_are_all_known_and_of_more_a_share_within_four_percent() -> None:
    few, many = made_up(1_500), made_up(40_000)

    assert with_signs(merged(NOTHING, few), VIEWED | LOADED) == sum(did & 3 == 3 for did in few.values())
    sample = merged(NOTHING, many)
    assert len(sample) < 5_000
    share = sum(did & 3 == 3 for did in many.values()) / sum(did & 1 for did in many.values())
    assert with_signs(sample, VIEWED | LOADED) / with_signs(sample, VIEWED) == pytest.approx(share, abs=0.04)
