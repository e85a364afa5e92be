"""CloudFront's logs in both stores: the same counts, and any of its fields in an item."""

import gzip
from collections.abc import Callable
from pathlib import Path

from footfall.dimensions import DIMENSIONS
from footfall.formats import FORMATS

from .builders import EDGE_V2, FIREFOX, GOOGLEBOT, SITE, as_json, as_w3c, ask, counts, edge, edge_key, edge_name, line, name

VIEWS = {("/", "2026-10-20"): 1, ("about", "2026-10-20"): 2, ("blog/a", "2026-10-20"): 3, ("blog/a", "2026-10-21"): 1}


def write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(content, mtime=0))


def write_logs(folder: Path) -> None:
    """A site's logs, legacy and v2 side by side with S3's own, all of them with what CloudFront sent twice."""
    records = [
        edge(), edge(user_agent=GOOGLEBOT.replace(" ", "%20")), edge("/"), edge("/about", referrer="https://news.example/"),
        edge("/about", sc_status="304", sc_content_type="-"), edge("/style.css", sc_content_type="text/css"),
        edge("/missing", sc_status="404"), edge(cs_method="HEAD"), edge(x_host_header="other.example"),
    ]  # fmt: skip
    late = [edge(at="2026-10-20 23:59:59"), edge(at="2026-10-21 00:00:00")]
    unlogged = [field for field in EDGE_V2 if field != "sc-content-type"]
    write(folder / "cdn" / edge_name(1), as_w3c(records))
    write(folder / "cdn" / edge_name(2, "2026-10-20-23"), as_w3c([*late, records[0], {**edge(), "sc-status": "cut"}]))
    write(folder / edge_key(3), as_w3c(records[:6], EDGE_V2))
    write(folder / edge_key(4).replace(".gz", ".json.gz"), as_json(records))
    write(folder / edge_key(5), as_w3c([edge(), edge("/about")], unlogged))
    s3 = [line(agent="Amazon CloudFront"), line(agent="-", requester="svc:cloudfront.amazonaws.com", remote_ip="-")]
    (folder / name(1)).write_bytes(b"\n".join(s3))


def all_counts(url: str) -> dict[str, object]:
    """Every page and day, and every dimension."""
    tops = {each: ask("top", each, "--store", url, "--json").rows for each in DIMENSIONS}
    return {"pages": counts("--store", url), **tops}


def test_dynamodb_counts_cloudfronts_logs_as_sqlite_does(here: Path, table_url: Callable[[], str]) -> None:
    write_logs(here / "logs")
    urls = [f"sqlite:{here}/counts.db", table_url()]

    answers = [ask("import", "logs", "--site", SITE, "--store", url, "--json") for url in urls for _ in range(2)]

    in_sqlite, in_dynamodb = map(all_counts, urls)
    assert in_sqlite == in_dynamodb
    assert in_sqlite["pages"] == VIEWS
    assert answers[0].json.items() <= answers[2].json.items()  # which says as well what it consumed
    assert answers[0].json["dropped"]["cdn"] == 2
    assert [answer.json["views"] for answer in answers] == [7, 0, 7, 0]


def test_scans_of_the_distributions_own_name_make_no_second_site(here: Path, counts_in: str) -> None:
    own = edge()["cs(Host)"]
    records = [
        edge(),
        edge("/wp-login.php", sc_status="404", x_host_header=own),
        edge(sc_status="301", x_host_header="example.com"),
    ]
    write(here / edge_name(1), as_w3c(records))

    ask("import", edge_name(1), "--store", counts_in)

    assert ask("pages", "--store", counts_in, "--json").rows == {"blog/a": 1}
    assert ask("pages", "--store", counts_in, "--site", own, "--json").rows == {}


def test_all_names_of_a_distribution_are_one_site_where_it_is_named(here: Path, counts_in: str) -> None:
    records = [edge(x_host_header=host) for host in ("example.com", SITE, edge()["cs(Host)"])]
    write(here / edge_name(1), as_w3c(records))

    ask("import", edge_name(1), "--store", counts_in, "--site", edge()["cs(Host)"])

    assert ask("pages", "--store", counts_in, "--json").rows == {"blog/a": 3}


def test_any_field_of_cloudfronts_can_be_kept_in_an_item(here: Path, counts_in: str) -> None:
    fields = [field for field in FORMATS["cloudfront"].documented if field != "distributionid"]  # DistributionId is the same
    agent = FIREFOX.replace(" ", "%20")
    record = edge(x_edge_location="CDG50-P2", user_agent=agent)
    write(here / edge_name(1), as_w3c([record], EDGE_V2))
    item = ['PageName = "{page}"', 'SortKey = "{epoch}#{request_id}"', 'Edge = "{x-edge-location} in {c-country}"']
    (here / "footfall.toml").write_text("\n".join(["[item]", *item, *(f'"{field}" = "{{{field}}}"' for field in fields)]))

    ask("import", edge_name(1), "--store", counts_in)
    (row,) = ask("views", "blog/a", "--store", counts_in, "--json").json["rows"]

    assert row["Edge"] == "CDG50-P2 in DE"
    assert row["cs(User-Agent)"] == agent  # as logged
    logged = {field: value for field, value in record.items() if value != "-" and field != "time"}
    assert {field: row.get(field) for field in logged} == logged
