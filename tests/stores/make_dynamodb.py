"""
Writes a table that tests/test_dynamodb_upgrade.py opens, as a commit wrote it, and what its footfall answered from it.

    ministack &
    python tests/stores/make_dynamodb.py http://127.0.0.1:4566 > dynamodb_69530d0.json    in a checkout of that commit

Run it once before the schema changes, and keep the file: tables that people have must go on. It works from 69530d0 on:

    69530d0   before months were moved, schema 2
    4db3b01   before arrivals were counted, schema 3
    e4ae885   before files were counted anew, schema 4

It has log files, of which the last two are a commit that its importer left halfway: half of its tallies have it, and the
ledger does not. With them are the reports that this commit made of the table, before and after it finished that one itself.
"""

import base64
import json
import os
import sys
from contextlib import suppress
from typing import Any
from uuid import uuid4

from footfall.dimensions import DIMENSIONS
from footfall.stores import open_store
from footfall.stores.dynamodb import commits

os.environ.setdefault("AWS_ACCESS_KEY_ID", "test")
os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "test")

TABLE, REGION, SITE = f"footfall-{uuid4().hex}", "eu-west-1", "www.example.org"
OCTOBER = ("2022-10-01", "2022-10-31")
AGENTS = (
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
)
LINE = (
    "owner www.example.org [{day}/Oct/2022:{hour:02}:{number:02}:07 +0000] 198.51.100.{number} - {id:016X} WEBSITE.GET.OBJECT "
    '{page}/index.html "GET /{page}/ HTTP/1.1" {status} - 100 100 9 8 "{referrer}" "{agent}" - id= - - - www.example.org - -'
)


def log_files() -> dict[str, list[str]]:
    """Four files of twenty lines: each repeats five of the one before."""
    files = {}
    for file in range(4):
        files[f"2022-10-{28 + file}-09-31-07-{file:016X}"] = [
                LINE.format(
                    day=28 + file % 4, hour=each % 24, number=each, id=each, page=f"blog/{each % 9}",
                    status=404 if each % 11 == 10 else 200, agent=AGENTS[each % 3],
                    referrer=("-", "https://news.example/", "https://www.example.org/")[each % 4 % 3],
                )
            for each in range(file * 15, file * 15 + 20)
        ]  # fmt: skip
    return files


def reports(store: Any) -> dict[str, Any]:
    """What the store answers."""
    return {
        "counts": {name: sorted(map(list, store.counts(SITE, name, *OCTOBER))) for name in DIMENSIONS},
        "views": {page: list(store.views(SITE, page, 0, 2**32)) for page in (f"blog/{number}" for number in range(9))},
        "files": sorted([part.name, part.account.lines, part.account.views] for part in store.files()),
        "period": store.period(SITE),
        "latest": store.latest(),
        "tokens": [list(token) for token in store.tokens.all()],
        **({"visitors": visitors(store)} if hasattr(store, "visitors") else {}),
    }


def visitors(store: Any) -> dict[str, int]:
    """Of each day; at first `store.visitors` gave the numbers alone."""
    return {day: getattr(found, "visitors", found) for day, found in store.visitors(SITE, *OCTOBER).items()}


def add_half(requests: Any, number: int, additions: Any) -> None:
    """Half of the tallies."""
    add(requests, number, additions[::2])


def die_at_the_ledger(requests: Any, workers: Any, statements: Any) -> None:
    """In place of the ledger's entries; what a commit needs before it begins is written."""
    if any(statement["Parameters"][0]["S"].startswith("#files") for statement in statements):
        raise SystemExit
    execute_all(requests, workers, statements)


add, execute_all = commits._add, commits.execute_all  # type: ignore[attr-defined]


def main() -> None:
    """Write a table and print it."""
    import tempfile
    from pathlib import Path

    from click.testing import CliRunner

    from footfall.cli import cli
    from footfall.items import DEFAULT_ITEM, ItemMap

    url, files = f"dynamodb:{TABLE}?region={REGION}&endpoint={sys.argv[1]}", log_files()

    def run(*command: str) -> None:
        done = CliRunner().invoke(cli, [*command, "--store", url])
        assert done.exit_code == 0, done.output

    run("table", "create")
    run("token", "add", "reader")
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, lines) in enumerate(files.items()):
            Path(folder, str(number // 2)).mkdir(exist_ok=True)
            Path(folder, str(number // 2), name).write_text("".join(f"{line}\n" for line in lines))
        run("import", f"{folder}/0", "--jobs", "1")
        commits._add, commits.execute_all = add_half, die_at_the_ledger  # type: ignore[attr-defined]
        with suppress(SystemExit):
            CliRunner().invoke(cli, ["import", f"{folder}/1", "--jobs", "1", "--store", url])
        commits._add, commits.execute_all = add, execute_all  # type: ignore[attr-defined]
    store: Any = open_store(url, ItemMap(DEFAULT_ITEM))
    before = reports(store)
    items = store.requests.client.scan(TableName=TABLE)["Items"]
    store.prepare("UTC")
    after = reports(store)
    found = {"logs": files, "items": items, "reports": before, "finished": after}
    json.dump(found, sys.stdout, sort_keys=True, default=lambda blob: base64.b64encode(blob).decode())


if __name__ == "__main__":
    main()
