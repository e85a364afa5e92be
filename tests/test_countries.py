"""The dimension `country`: what the log says, the owner's database, the package iptocc, or nothing."""

import gzip
import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from mmdb_writer import MMDBWriter
from netaddr import IPSet

from footfall.digest.fingerprint import fingerprint_of
from footfall.formats import FORMATS
from footfall.pageviews.addresses import mask
from footfall.pageviews.counting import Counting
from footfall.pageviews.countries import country_name, country_of, lookup_in
from footfall.pageviews.country_names import NAMES

from .browser import looking, serving
from .builders import CHROME, EDGE, EDGE_V2, as_json, as_w3c, ask, edge, edge_name, line, patched, run, says, write_log
from .calls import said
from .doctor import findings, is_told

# 130 countries, each with an address of a large IPv4 network and of an IPv6 one; iptocc and IPFire's database agree on them.
NETWORKS = [row.split() for row in (Path(__file__).parent / "countries.txt").read_text().splitlines()]
# Addresses whose owners everybody knows: broadcasters, universities, providers.
WELL_KNOWN = {
    "212.58.244.1": "GB",  # BBC
    "129.132.1.1": "CH",  # ETH Zurich
    "130.237.1.1": "SE",  # Stockholm University
    "129.240.1.1": "NO",  # University of Oslo
    "128.214.1.1": "FI",  # University of Helsinki
    "141.20.1.1": "DE",  # Humboldt University, Berlin
    "157.99.1.1": "FR",  # Institut Pasteur
    "147.102.1.1": "GR",  # NTU Athens
    "134.226.1.1": "IE",  # Trinity College Dublin
    "193.2.1.1": "SI",  # ARNES
    "128.100.1.1": "CA",  # University of Toronto
    "132.248.1.1": "MX",  # UNAM
    "143.107.1.1": "BR",  # University of Sao Paulo
    "146.141.1.1": "ZA",  # University of the Witwatersrand
    "133.11.1.1": "JP",  # University of Tokyo
    "166.111.1.1": "CN",  # Tsinghua University
    "140.112.1.1": "TW",  # National Taiwan University
    "130.216.1.1": "NZ",  # University of Auckland
    "139.130.4.5": "AU",  # Telstra
    "8.8.8.8": "US",  # Google
    "2001:4860:4860::8888": "US",  # Google
    "2a00:1450:4009::1": "IE",  # Google, where RIPE has it
    "2001:67c:2e8:22::c100:68b": "NL",  # RIPE NCC
    "2001:200::1": "JP",  # WIDE
}
SWEDISH = "130.237.1.1"


def database(folder: Path, *, name: str = "own.mmdb", kind: str = "Made-Country", **networks: str) -> Path:
    """A database in which each country has a network: `SE="1.0.0.0/8"`."""
    path = folder / name
    _write(path, kind, [(network, {"country": {"iso_code": code}}) for code, network in networks.items()])
    return path


def _write(path: Path, kind: str, records: list[tuple[str, Any]], version: int = 6) -> None:
    writer = MMDBWriter(version, kind, ipv4_compatible=version == 6)
    for network, record in records:
        writer.insert_network(IPSet([network]), record)
    writer.to_db_file(str(path))


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Makes a package as good as not installed, in this process."""

    def hide(package: str) -> None:
        monkeypatch.setitem(sys.modules, package, None)
        lookup_in.cache_clear()

    yield hide
    lookup_in.cache_clear()


def test_networks_of_130_countries_are_known_also_when_masked():
    assert len({code for code, _, _ in NETWORKS}) == 130

    for code, *addresses in NETWORKS:
        for address in addresses:
            assert (country_of(None, address, ""), country_of(None, mask(address), "")) == (code, code), address


@pytest.mark.parametrize(("address", "code"), WELL_KNOWN.items())
def test_an_address_is_of_the_country_of_those_who_have_it(address, code):
    assert country_of(None, address, "") == code


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1", "198.51.100.7", "2001:db8::1", "::1", "host.example.org", "1.2.3.4.5", "::ffff:x.1", "::", ".", "8.8.8.8\0",
        "8.8.8.8 ", "\ud800", "8" * 100_000,
    ],
)  # fmt: skip
def test_what_is_nobodys_address_is_of_no_known_country(tmp_path, address):
    own = str(database(tmp_path, SE="8.0.0.0/8"))

    assert country_of(None, address, "") == country_of(None, address, own) == "(unknown)"


def test_an_ipv4_address_that_a_server_logs_as_one_of_ipv6_is_looked_up_as_ipv4():
    assert country_of(None, f"::ffff:{SWEDISH}", "") == country_of(None, f"::FFFF:{SWEDISH}", "") == "SE"


@pytest.mark.parametrize(
    ("logged", "address", "code"),
    [
        ("DE", SWEDISH, "DE"), ("de", SWEDISH, "DE"), ("", SWEDISH, "SE"), ("ZZ", SWEDISH, "SE"), ("??", SWEDISH, "SE"),
        ("", "198.51.100.7", "(unknown)"), ("", None, "(unknown)"), (None, None, None), ("DE", None, "DE"),
    ],
)  # fmt: skip
def test_what_the_log_says_comes_first_and_then_the_address(logged, address, code):
    assert country_of(logged, address, "") == code


@pytest.mark.parametrize(
    ("record", "code"),
    [
        ({"country": {"iso_code": "FJ", "names": {"en": "Fiji"}}, "continent": {"code": "OC"}}, "FJ"),  # GeoLite2, DB-IP
        ({"registered_country": {"iso_code": "FJ"}}, "FJ"),
        ({"country_code": "FJ", "country": "Fiji", "continent_code": "OC"}, "FJ"),  # IPinfo Lite
        ({"country_code": "fj"}, "FJ"),  # ip-location-db
        ({"country": "FJ"}, "FJ"),
        ({"city": {"names": {"en": "Suva"}}}, "(unknown)"),
        ({"country": {"iso_code": 7}}, "(unknown)"),
        ("FJ", "(unknown)"),
    ],
)
def test_an_owners_database_of_either_shape_is_asked_instead_of_the_package(tmp_path, record, code):
    _write(tmp_path / "own.mmdb", "Made", [("130.237.0.0/16", record), ("2001:db8::/32", {"country_code": "NO"})])
    data = str(tmp_path / "own.mmdb")

    assert country_of(None, SWEDISH, data) == code
    assert country_of(None, "2001:db8::7", data) == "NO"
    assert country_of(None, "8.8.8.8", data) == "(unknown)"
    assert country_of(None, "host.example.org", data) == "(unknown)"


def test_a_database_of_ipv4_alone_knows_no_ipv6(tmp_path):
    _write(tmp_path / "own.mmdb", "Made", [("130.237.0.0/16", {"country_code": "SE"})], version=4)

    assert country_of(None, SWEDISH, str(tmp_path / "own.mmdb")) == "SE"
    assert country_of(None, "2001:4860:4860::8888", str(tmp_path / "own.mmdb")) == "(unknown)"


def test_all_formats_count_a_reader_of_the_same_country_in_both_stores(here: Path, counts_in: str) -> None:
    logs = here / "logs"
    write_log(logs, [line(remote_ip=SWEDISH)])
    (logs / edge_name(1)).write_bytes(gzip.compress(as_w3c([edge(c_ip=SWEDISH)], EDGE)))
    (logs / edge_name(2)).write_bytes(gzip.compress(as_w3c([edge(c_country="FJ", c_ip=SWEDISH)], EDGE_V2)))
    (logs / edge_name(3)).write_bytes(gzip.compress(as_json([edge(c_country="FJ", c_ip=SWEDISH)])))
    (logs / edge_name(4)).write_bytes(gzip.compress(as_w3c([edge(c_country="-", c_ip=SWEDISH)], EDGE_V2)))
    write_log(
        logs, [f'{SWEDISH} - - [20/Oct/2026:08:00:00 +0000] "GET /a/ HTTP/1.1" 200 9 "-" "{CHROME}"'.encode()], "access.log"
    )
    asked = {
        "client_ip": SWEDISH,
        "method": "GET",
        "host": "www.example.com",
        "uri": "/a/",
        "headers": {"User-Agent": [CHROME]},
    }
    caddy = {"logger": "http.log.access", "ts": 1792483200.5, "request": asked, "status": 200, "msg": "handled request"}
    write_log(logs, [json.dumps(caddy).encode()], "caddy.log")

    answer = ask("import", logs, "--site", "www.example.com", "--store", counts_in, "--json").json
    found = ask("top", "country", "--store", counts_in, "--json").json

    assert answer["views"] == 7
    assert [(row["value"], row["views"], row["name"]) for row in found["rows"]] == [("SE", 5, "Sweden"), ("FJ", 2, "Fiji")]
    assert found["total"] == answer["views"]


def test_masked_addresses_are_counted_by_their_country_too(here: Path) -> None:
    write_log(here, [line(remote_ip=SWEDISH), line(remote_ip="130.237.1.0"), line(remote_ip="2001:4860:4860::")])

    ask("import", here, "--mask-addresses", "yes")

    assert ask("top", "country", "--json").rows == {"SE": 2, "US": 1}
    assert {row["RemoteAddress"] for row in ask("views", "blog/a", "--json").json["rows"]} == {
        "130.237.1.0",
        "2001:4860:4860::",
    }


def test_people_read_names_and_programs_get_codes_as_well(here: Path) -> None:
    write_log(here, [line(remote_ip=SWEDISH), line(remote_ip="212.58.244.1"), line(remote_ip=SWEDISH), line()])

    ask("import", here)

    assert [row.split(maxsplit=3)[-1] for row in ask("top", "country").stdout.splitlines()][1:4] == [
        "Sweden", "(unknown)", "United Kingdom",
    ]  # fmt: skip
    table = ask("top", "country", "--csv").stdout.splitlines()
    assert table == ["views,country,name", "2,SE,Sweden", "1,(unknown),(unknown)", "1,GB,United Kingdom"]
    assert ask("top", "country", "--prefix", "S", "--json").rows == {"SE": 2}
    assert said(str(here), "get", "/api/v1/stats/country?limit=1")["rows"] == [{"value": "SE", "views": 2, "name": "Sweden"}]
    assert all("name" not in row for row in ask("pages", "--json").json["rows"])


def test_every_country_of_a_network_has_a_name():
    assert {code for code, _, _ in NETWORKS} <= NAMES.keys()
    assert all(len(code) == 2 and name == name.strip() for code, name in NAMES.items())
    assert country_name("QQ") == "QQ"


@pytest.mark.parametrize("log_format", FORMATS)
def test_without_package_and_database_no_country_is_counted_and_all_else_is(here, without, log_format):
    without("iptocc")
    log = Path(__file__).parent / "logs" / f"{log_format}.log"

    views = ask("import", log, "--site", "www.example.org", "--json").json["views"]

    assert views
    assert ask("pages", "--json").json["total"] == views
    assert ask("top", "country", "--json").rows == {}


def test_the_package_is_loaded_by_the_first_lines_and_not_before(here: Path) -> None:
    write_log(here, [line()])
    loaded = patched("import atexit\natexit.register(lambda: print(sorted({'iptocc', 'maxminddb'} & sys.modules.keys())))")

    assert run("import", here, "--quiet", command=loaded).stdout == "['iptocc']\n"
    assert run("pages", command=loaded).stdout.endswith("[]\n")


def _is_gone(path: Path) -> None:
    path.unlink()


def _is_text(path: Path) -> None:
    path.write_text("SE,1.0.0.0/8\n")


def _is_packed(path: Path) -> None:
    path.write_bytes(gzip.compress(path.read_bytes()))


def _is_cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def _is_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _is_garbled(path: Path) -> None:
    content = path.read_bytes()
    data = content.index(b"\xe1") if b"\xe1" in content else 0
    path.write_bytes(content[:data] + b"\xff" * 4 + content[data + 4 :])


def _has_no_countries(path: Path) -> None:
    _write(path, "Made-ASN", [("1.0.0.0/24", {"autonomous_system_number": 64500})])


@pytest.mark.parametrize(
    ("breaks", "words"),
    [
        (_is_gone, ["there is no country database", "own.mmdb", "correct country_data"]),
        (_is_text, ["own.mmdb", "is not a country database", ".mmdb", "unpacked"]),
        (_is_packed, ["own.mmdb", "is not a country database", "unpacked"]),
        (_is_cut, ["own.mmdb", "is not a country database"]),
        (_is_a_folder, ["own.mmdb", "is not a country database"]),
        (_is_garbled, ["own.mmdb", "damaged", "download it again"]),
        (_has_no_countries, ["own.mmdb", "Made-ASN", "no countries", "country_data"]),
    ],
)
def test_a_database_that_cannot_be_used_is_named_with_the_remedy_and_nothing_is_counted(here, breaks, words):
    write_log(here / "logs", [line()])
    path = database(here, SE="1.0.0.0/8", NO="2.0.0.0/8")
    breaks(path)
    (here / "footfall.toml").write_text('country_data = "own.mmdb"\n')

    says(ask("import", "logs"), *words, code=2)
    says(ask("explain", "logs"), *words, code=2)
    is_told(findings("--logs", "logs")["countries"], "error", *words)
    assert ask("status", "--json", env={"FOOTFALL_COUNTRY_DATA": ""}).json["lines"] == 0


def test_what_was_counted_is_told_although_the_database_cannot_be_used(here):
    write_log(here / "logs", [line()])
    ask("import", "logs")
    (here / "footfall.toml").write_text('country_data = "own.mmdb"\n')

    answer = ask("status", "--json")
    served = said(str(here), "get", "/api/v1/status")

    assert (answer.exit_code, answer.json["views"], answer.json["files_under_other_rules"]) == (0, 1, None)
    assert "there is no country database own.mmdb: correct country_data" in answer.stderr
    assert (served["views"], served["files_under_other_rules"]) == (1, None)
    assert ask("status").stdout.startswith("Files       1;")


def test_a_database_wants_its_reader_and_says_how_to_install_it(here, without):
    write_log(here / "logs", [line()])
    without("maxminddb")

    answer = ask("import", "logs", "--country-data", database(here, SE="1.0.0.0/8"))

    says(answer, "country_data", "maxminddb", "pip install 'footfall[countries]'", code=2)


def test_where_the_package_cannot_be_loaded_views_count_and_the_doctor_says_how_to_mend_it(here, without, monkeypatch):
    write_log(here / "logs", [line()])
    monkeypatch.delitem(sys.modules, "iptocc", raising=False)
    without("iptocc.iptocc")

    assert ask("import", "logs", "--jobs", "1", "--json").json["views"] == 1
    assert ask("top", "country", "--json").rows == {}
    is_told(findings("--logs", "logs")["countries"], "warning", "iptocc cannot be loaded", "--force-reinstall")


def test_the_doctor_says_where_countries_come_from(here, without):
    write_log(here / "logs", [line()])
    is_told(findings("--logs", "logs")["countries"], "ok", "iptocc")

    data = {"FOOTFALL_COUNTRY_DATA": str(database(here, SE="1.0.0.0/8"))}
    is_told(findings("--logs", "logs", env=data)["countries"], "ok", "own.mmdb", "Made-Country", f"{datetime.now(UTC):%Y-%m}")

    without("iptocc")
    is_told(findings("--logs", "logs")["countries"], "skipped", "pip install 'footfall[countries]'", "country_data")
    (here / "logs" / edge_name(1)).write_bytes(gzip.compress(as_w3c([edge()], EDGE_V2)))
    is_told(findings("--logs", "logs")["countries"], "ok", "1 of the newest 2 lines")


def test_the_doctor_warns_of_a_database_of_long_ago(here, monkeypatch):
    write_log(here / "logs", [line()])
    long_ago = datetime.now(UTC) - timedelta(days=400)
    with monkeypatch.context() as then:
        then.setattr("time.time", long_ago.timestamp)
        path = database(here, SE="1.0.0.0/8")

    found = findings("--logs", "logs", env={"FOOTFALL_COUNTRY_DATA": str(path)})

    is_told(found["countries"], "warning", f"{long_ago:%Y-%m-%d}", "newer")


def test_another_database_is_another_rule_and_another_place_of_the_same_is_none(tmp_path, without):
    one, other = database(tmp_path, SE="1.0.0.0/8"), database(tmp_path, name="other.mmdb", kind="Made-City", SE="1.0.0.0/8")
    moved = tmp_path / "moved.mmdb"
    moved.write_bytes(one.read_bytes())
    by_package = fingerprint_of("s3", Counting())

    prints = [fingerprint_of("s3", Counting(country_data=str(path))) for path in (one, other, moved)]
    without("iptocc")

    assert prints[0] == prints[2]
    assert len({by_package, *prints, fingerprint_of("s3", Counting())}) == 4


def test_explain_shows_the_country_that_is_logged_and_the_one_that_is_counted(here):
    (here / "edge.log").write_bytes(as_w3c([edge(c_country="-", c_ip=SWEDISH), edge(c_country="FJ")], EDGE_V2))

    shown = [json.loads(each) for each in ask("explain", "edge.log", "--json").stdout.splitlines()]

    assert [(each["common"]["country"], each["view"]["country"]) for each in shown] == [(None, "SE"), ("FJ", "FJ")]


def test_the_dashboard_shows_countries_by_their_names_most_first(browser, here):
    write_log(here / "logs", [line(at="2026-11-24 08:00:00", remote_ip=each) for each in (SWEDISH, "212.58.244.1", SWEDISH)])
    store = f"sqlite:{here}/footfall.db"
    ask("import", here / "logs", "--store", store)

    with serving(store) as url, looking(browser, url) as look:
        shown = look("?period=7d&compare=no").rows("country")

    assert list(shown.items()) == [("Sweden", 2), ("United Kingdom", 1)]
