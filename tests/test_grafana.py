"""docs/how-to/grafana.md: its panels ask the API for what is there, and its columns are in the answers."""

import re
from pathlib import Path

import pytest

from .builders import ask, line, write_log
from .conftest import ROOT
from .serving import api_over

PANELS = re.findall(
    r"^\| (?P<panel>[^|]+) \| \w[^|]+ \| `(?P<url>/[^`]+)` \| (?P<root>[^|]*)\| (?P<columns>[^|]+) \|$",
    (ROOT / "docs/how-to/grafana.md").read_text("utf-8"),
    re.MULTILINE,
)


@pytest.fixture
def counted(here: Path) -> str:
    agent = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
    write_log(here / "logs", [line(referrer="https://news.example/"), line("about/index.html"), line(agent=agent)])
    assert ask("import", "logs").exit_code == 0
    return "sqlite:footfall.db"


def test_every_panel_gets_the_columns_that_it_names_with_the_token_of_the_recipe(counted: str) -> None:
    token = ask("token", "add", "grafana", "--only", "/", "--json").json["token"]

    assert len(PANELS) == 6
    with api_over(counted, asks_token=True) as api:
        for panel, url, root, columns in PANELS:
            asked = url.replace("${__from:date:YYYY-MM-DD}", "2026-10-20").replace("${__to:date:YYYY-MM-DD}", "2026-10-21")
            assert "$" not in asked
            answer = api.get(asked, headers={"Authorization": f"Bearer {token}"})
            assert answer.status_code == 200, (panel, answer.text)
            found = answer.json()
            row = found[root.strip(" `")][0] if root.strip() else found
            for selector, form in re.findall(r"`(\w+)` (\w+)", columns):
                assert isinstance(row[selector], int if form == "number" else str), (panel, selector)
