"""The files that a browser gets of the dashboard: few, made of the sources that are here, and kept for ever."""

import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from typing import Any

import httpx
import pytest

from footfall.api.static import FOLDER, find_files

from .conftest import ROOT
from .serving import api_over

SCRIPT = ROOT / "scripts/bundle_dashboard.py"
BUNDLE = FOLDER / "bundle"


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """Whoever asks the API; files need no counts."""
    with api_over(f"sqlite:{tmp_path_factory.mktemp('files')}/none.db", asks_token=True) as client:
        yield client


def bundler() -> Any:
    """scripts/bundle_dashboard.py, as a module."""
    spec = spec_from_file_location("bundle_dashboard", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def named_by(html: str) -> list[str]:
    """The files that a page asks for."""
    return re.findall(r'(?:src|href)="(assets/[^"]+)"', html)


# What they are made of


@pytest.mark.parametrize("pattern", ["*.js", "*.css"])
def test_the_bundle_says_that_it_is_of_the_sources_that_are_here(pattern):
    first_line = (BUNDLE / f"dashboard{pattern[1:]}").read_bytes().splitlines(keepends=True)[0]

    assert first_line == bundler().heading(pattern), "a source was changed: make bundle"


def test_the_bundle_is_what_esbuild_makes_of_the_sources(node):
    done = subprocess.run([sys.executable, SCRIPT, "--check"], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


def test_the_style_sheet_is_those_of_the_sources_one_after_the_other():
    assets = FOLDER / "assets"

    _, joined = (BUNDLE / "dashboard.css").read_text("utf-8").split("\n", 1)

    assert joined == "\n".join((assets / path).read_text("utf-8") for path in ("vendor/uplot/uPlot.min.css", "style.css"))


def test_both_ways_to_a_dark_page_have_the_same_colours():
    style = (FOLDER / "assets/style.css").read_text("utf-8")
    preferred, chosen = (style.split(f"{begin} {{")[1].split("}")[0] for begin in (":root:not(.light)", ":root.dark"))

    assert "--ink:" in preferred
    assert re.findall("--.*", preferred) == re.findall("--.*", chosen)


# How they are served


def test_the_page_asks_for_one_script_and_one_style_sheet(api):
    names = named_by(api.get("/").text)

    assert [re.sub("[0-9a-f]{16}", "HASH", name) for name in names] == [
        "assets/dashboard-HASH.css",
        "assets/dashboard-HASH.js",
    ]
    assert [api.get(f"/{name}").headers["content-type"] for name in names] == [
        "text/css; charset=utf-8",
        "text/javascript; charset=utf-8",
    ]


def test_what_has_its_content_in_its_name_is_kept_for_ever(api):
    for name in named_by(api.get("/").text):
        answer = api.get(f"/{name}")

        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert "Authorization" not in answer.headers["vary"]


def test_all_is_sent_packed_to_who_takes_that_and_as_it_is_to_others(api):
    for name in ("", *named_by(api.get("/").text)):
        packed, whole = (api.get(f"/{name}", headers={"Accept-Encoding": accepted}) for accepted in ("gzip, br", "identity"))

        assert (packed.headers["content-encoding"], "content-encoding" in whole.headers) == ("gzip", False)
        assert packed.content == whole.content  # httpx unpacks it
        assert int(packed.headers["content-length"]) < len(whole.content) / 2
        assert "Accept-Encoding" in packed.headers["vary"] == whole.headers["vary"]


def test_the_page_itself_is_asked_for_each_time_and_sent_when_it_changed(api):
    first = api.get("/")

    again = api.get("/", headers={"If-None-Match": first.headers["etag"]})

    assert first.headers["cache-control"] == again.headers["cache-control"] == "no-cache"
    assert (again.status_code, again.content) == (304, b"")


def test_the_answer_says_who_may_frame_it_and_another_list_is_another_answer(api, tmp_path):
    with api_over(f"sqlite:{tmp_path}/none.db", embed_origins="https://a.example,https://b.example:8443") as framed:
        nobody, some = api.get("/embed"), framed.get("/embed")
        again, stale = (framed.get("/embed", headers={"If-None-Match": each.headers["etag"]}) for each in (some, nobody))
        others = [framed.get(path) for path in ("/", "/api/v1/sites", "/embed/x", "/openapi.json")]

    assert nobody.content == some.content
    assert nobody.headers["content-security-policy"].endswith("; frame-ancestors 'none'")
    assert nobody.headers["x-frame-options"] == "DENY"
    assert (again.status_code, stale.status_code) == (304, 200)
    for each in (some, again, stale):
        assert each.headers["content-security-policy"].endswith("; frame-ancestors https://a.example https://b.example:8443")
        assert each.headers["cache-control"] == "no-cache"
        assert "x-frame-options" not in each.headers
    for each in others:
        assert each.headers["content-security-policy"].endswith("; frame-ancestors 'none'")
        assert each.headers["x-frame-options"] == "DENY"


def test_another_content_has_another_name_and_makes_another_page(tmp_path):
    folder = tmp_path / "dashboard"
    (folder / "bundle").mkdir(parents=True)
    (folder / "index.html").write_bytes((FOLDER / "index.html").read_bytes())
    for path in BUNDLE.iterdir():
        (folder / "bundle" / path.name).write_bytes(path.read_bytes() + b"\n")

    here, there = find_files(), find_files(folder)

    assert here.keys() & there.keys() == {"/", "/embed"}
    assert here["/"].content != there["/"].content


@pytest.mark.parametrize(
    "name", ["dashboard.js", "dashboard-0123456789abcdef.js", "main.js", "../index.html", "vendor/uplot/LICENSE"]
)
def test_a_name_of_another_version_leads_nowhere_and_is_not_kept(name, api):
    answer = api.get(f"/assets/{name}")

    assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")


def test_without_the_dashboard_the_api_answers_and_says_so(tmp_path):
    assert find_files(tmp_path) == {}
