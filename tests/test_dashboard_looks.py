"""How the dashboard looks and what it is made of: every width, light and dark, for everybody, whatever strangers write."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import pytest
from playwright.sync_api import Page, Response

from .browser import Dashboard, count_sample, faults, serving
from .builders import ask, line, write_log

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "src/footfall/dashboard"
WIDTHS = (320, 360, 768, 1024, 1440, 3840)
FIRST_PAINT = 100_000, 10  # bytes on their way, and requests, until the numbers are there

# What strangers may write into the logs: as a host that links here, as a page that is not there, as a page of one's own.
HOSTILE = {
    "markup": "<script>document.title='taken'</script>",
    "an image that fails": "<img src=x onerror=document.title='taken'>",
    "quotes": "\"><b id='taken'>'`",
    "a turn to the left": "a\u202egpj.exe",
    "letters of the right": "مرحبا/שלום",
    "a thousand bytes": "x" * 1000,
    "a thousand blanks": f"a{' ' * 998}b",
    "control characters": "a\u0007b\u009bc",
    "a template": "{{constructor.constructor('alert(1)')()}}",
    "an address": "javascript:alert(1)",
}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The dashboard over the sample site, and over what strangers wrote there."""
    folder = tmp_path_factory.mktemp("looks")
    store = count_sample(folder)
    answer = ask("import", write_log(folder / "hostile", hostile_lines()), "--store", store, "--config", os.devnull)
    assert answer.exit_code == 0, answer
    for day, text in NOTED:
        assert ask("annotation", "add", day, text, "--store", store, "--config", os.devnull).exit_code == 0
    with serving(store) as url:
        yield url


NOTED = (
    ("2026-09-15", "moved to a new host"),
    ("2026-11-23", "<img src=x onerror=alert(1)> on the front page" + " of a news site with a long name" * 4),
    ("2026-11-24", "a second one, next to it"),
)
HOSTILE_HOSTS = ("مثال.example", f"{'x' * 200}.example")


def hostile_lines() -> Iterator[bytes]:
    """Each hostile text as a page, a missing page and a bot, a hundred times, so that it stands on top."""
    for host in HOSTILE_HOSTS:
        yield line("index.html", "2026-11-24 08:00:00", bucket="www.example.org", referrer=f"https://{host}/")
    for text in HOSTILE.values():
        key = quote(quote(text.encode()))
        for _ in range(100):
            yield line(f"{key}/index.html", "2026-11-24 08:00:00", bucket="www.example.org")
            yield line(key, "2026-11-24 08:00:00", bucket="www.example.org", status=404, error="NoSuchKey")
            yield line("index.html", "2026-11-24 08:00:00", bucket="www.example.org", referrer=f"https://{text}/")
            yield line("index.html", "2026-11-24 08:00:00", bucket="www.example.org", agent=f"{text} bot")


# Strangers


def printable(text: str) -> str:
    """As the page writes it out: what cannot be seen by its number."""
    return re.sub("[\u0000-\u001f\u007f-\u009f\u202e]", lambda found: f"\\u{ord(found[0]):04x}", text)


def test_what_strangers_write_is_shown_as_text(look):
    dashboard = look("?period=2026-11-24")
    for panel in ("page", "not_found"):
        dashboard.show_all_rows(panel)

    shown = {panel: dashboard.rows(panel) for panel in ("page", "not_found")}

    for kind, text in HOSTILE.items():
        pages = {page for page in shown["page"] if page.startswith(printable(text)[:400])}
        missing = {key for key in shown["not_found"] if key.startswith(printable(text)[:400])}
        assert len(pages) == len(missing) == 1, kind
    assert dashboard.page.title() == "www.example.org – footfall"
    assert dashboard.page.locator("#taken, main script, main img").count() == 0


def test_referrers_that_strangers_made_up_are_shown_as_text(look):
    dashboard = look("?period=2026-11-24")
    dashboard.show_all_rows("referrer")

    assert {*HOSTILE_HOSTS} <= {*dashboard.rows("referrer")}


def test_what_strangers_write_opens_as_a_page_like_any_other(look):
    dashboard = look("?period=2026-11-24")
    dashboard.show_all_rows("page")

    dashboard.click(HOSTILE["markup"], within="#panel-page")

    assert dashboard.page.locator("#filter h2").inner_text() == f"Page {HOSTILE['markup']}"
    assert dashboard.cards()["Views"] == "100"
    assert "<script>" not in dashboard.page.url


def test_what_strangers_write_breaks_no_layout(look):
    dashboard = look("?period=2026-11-24")
    tabs = (("page", "referrer", "bot", "not_found"), ("entry", "source", "bot_page", "not_found"))
    for panel in (panel for together in tabs for panel in together):
        dashboard.show_all_rows(panel)
        if panel != "not_found":
            continue

        for width in WIDTHS:
            dashboard.resize(width)
            heights = dashboard.page.locator("tbody tr").evaluate_all("rows => rows.map(row => row.offsetHeight)")

            assert dashboard.overflow() == 0, width
            assert max(heights) < 2 * min(heights), width


def test_a_long_name_can_be_read_whole(look):
    dashboard = look("?period=2026-11-24")
    dashboard.show_all_rows("not_found")

    titles = dashboard.panel("not_found").locator("bdi").evaluate_all("names => names.map(name => name.title)")

    assert any(re.fullmatch("x{500,}", title) for title in titles)


def test_links_lead_out_to_hosts_of_the_dns_alone_and_take_nothing_along(look):
    dashboard = look("?period=2026-11-24")
    for panel in ("page", "referrer"):
        dashboard.show_all_rows(panel)
    ask = """async ([modules, ...hosts]) => {
        const { addressOf } = await import(`${modules}links.js`);
        return hosts.filter((host) => addressOf(host));
    }"""
    no_hosts = [
        *HOSTILE.values(),
        *HOSTILE_HOSTS,
        "(direct)",
        "my-bucket",
        "a.example@b.example",
        "a.example/..",
        "127.0.0.1",
        "",
    ]

    links = dashboard.page.locator("a.out").evaluate_all("links => links.map(({href, rel, target}) => [href, rel, target])")

    assert len(links) > len(HOSTILE)
    for address, relation, target in links:
        assert re.fullmatch(r"https://([a-z0-9-]+\.)+[a-z]+/[^?#<>\"]*", address)
        assert (relation, target) == ("noopener noreferrer", "_blank")
    assert {urlsplit(address).netloc for address, *_ in links} >= {"www.example.org"}
    assert f"https://www.example.org/{HOSTILE['markup']}" in {unquote(address) for address, *_ in links}
    assert dashboard.page.evaluate(ask, [dashboard.modules(), *no_hosts]) == []


def test_each_row_says_its_share_and_only_what_leads_somewhere_glows(look):
    dashboard = look("?period=2026-11-24&compare=no")
    rows = dashboard.rows("browser")
    share = dashboard.panel("browser").locator("tbody td.share").first.inner_text()
    dashboard.panel("browser").locator("a.label").first.click()  # what is chosen already leads nowhere else
    dashboard.settle()
    row = dashboard.panel("browser").locator("tbody tr").first
    glow = "row => getComputedStyle(row).backgroundColor"

    row.hover()
    of_browser = row.evaluate(glow)
    dashboard.panel("page").locator("tbody tr").first.hover()

    assert share == f"{100 * next(iter(rows.values())) / sum(rows.values()):.0f}%"
    assert of_browser == "rgba(0, 0, 0, 0)"
    assert dashboard.panel("page").locator("tbody tr").first.evaluate(glow) != of_browser


# Widths and colours


@pytest.mark.parametrize("query", ["?period=90d", "?page=blog%2Farticles%2Fsqlite-is-enough"])
def test_it_fits_every_width(query, look):
    dashboard = look(query)

    for width in WIDTHS:
        dashboard.resize(width)

        assert dashboard.overflow() == 0, width
        assert overlapping(dashboard.page) == [], width


def overlapping(page: Page) -> list[tuple[str, str]]:
    """Panels and cards that lie on one another."""
    boxes = page.locator(".panel:visible, .card").evaluate_all(
        "parts => parts.map((part) => [part.id || part.textContent, part.getBoundingClientRect().toJSON()])"
    )
    assert len(boxes) > 4
    return [(name, other) for (name, box), (other, beside) in combinations(boxes, 2) if meet(box, beside)]


def meet(box: Any, other: Any) -> bool:
    return all(
        box[start] < other[start] + other[size] - 1 and other[start] < box[start] + box[size] - 1
        for start, size in (("x", "width"), ("y", "height"))
    )


def test_annotations_are_marks_in_the_graph_that_pointers_and_keys_open(look):
    dashboard = look("?period=90d")
    page = dashboard.page
    first, both = page.locator(".annotations button").all()

    first.focus()
    assert page.locator(".tip.marked").inner_text().splitlines()[0] == NOTED[0][1]
    page.keyboard.press("Escape")
    assert not page.locator(".tip.marked").is_visible()
    page.keyboard.press("Tab")  # close together, they are one mark
    assert both.get_attribute("aria-label") == "\n".join(
        (f"Mon, Nov 23, 2026: {NOTED[1][1]}", f"Tue, Nov 24, 2026: {NOTED[2][1]}")
    )
    assert page.locator(".tip.marked p").count() == 2
    assert dashboard.overflow() == 0
    assert page.locator(".annotations img, .tip img").count() == 0
    said = dashboard.graph()
    assert [text.split("; ")[-1] for text in said if "Nov 24, 2026" in text.split("; ")[-1]] == [
        f"Tue, Nov 24, 2026: {NOTED[2][1]}"
    ]
    page.locator("#panel-history summary").click()
    page.locator("#panel-history .noted").first.wait_for()
    assert page.locator("#panel-history .noted").all_inner_texts() == [text for _, text in NOTED]
    dashboard.resize(360)
    page.locator(".annotations button").last.hover()
    box = page.locator(".tip.marked").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    assert dashboard.overflow() == 0
    dashboard.click("week", within="#panel-history")
    assert "Mon, Nov 23" in str(page.locator(".annotations button").last.get_attribute("aria-label"))
    page.goto(f"{dashboard.url}?period=2026-10")
    dashboard.settle()
    assert not page.locator(".annotations").is_visible()


def test_dark_is_dark_and_changes_while_one_looks(look):
    dashboard = look(color_scheme="dark")
    background = "getComputedStyle(document.body).backgroundColor"
    dark = dashboard.page.evaluate(background)

    dashboard.page.emulate_media(color_scheme="light")

    assert brightness(dark) < 60
    assert brightness(dashboard.page.evaluate(background)) > 230


def brightness(colour: str) -> float:
    return sum(map(int, re.findall(r"\d+", colour)[:3])) / 3


# Everybody


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1440, "light")])
@pytest.mark.parametrize("query", ["?period=90d", "?page=about", "?prefix=blog%2F&compare=no", "?period=2025-01"])
def test_axe_finds_no_fault(query, width, scheme, look):
    dashboard = look(query, viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce")
    dashboard.page.get_by_text("The same as a table").click()
    dashboard.page.get_by_role("button", name="Custom").click()

    assert faults(dashboard.page) == []


def test_axe_finds_no_fault_in_what_asks_and_what_is_told(browser, url, tmp_path):
    ask("import", ROOT / "docs/sample-logs", "--store", f"sqlite:{tmp_path}/footfall.db", "--config", os.devnull)
    ask("token", "add", "reader", "--store", f"sqlite:{tmp_path}/footfall.db", "--config", os.devnull)
    with serving(f"sqlite:{tmp_path}/footfall.db", "--ask-token") as guarded:
        dashboard = Dashboard(browser, guarded)
        dashboard.page.goto(guarded)
        dashboard.page.get_by_role("dialog").wait_for()

        found = faults(dashboard.page)
        dashboard.page.get_by_role("button", name="Not now").click()
        dashboard.settle()
        found += faults(dashboard.page)

    dashboard.context.close()
    assert found == []


def test_all_can_be_reached_by_the_keyboard(look):
    dashboard = look()
    name = "(({id, ariaLabel, textContent}) => id || ariaLabel || textContent)(document.activeElement)"
    seen: list[str] = []
    while "Statuses as JSON" not in seen and len(seen) < 300:
        dashboard.page.keyboard.press("Tab")
        seen.append(dashboard.page.evaluate(name))

    wanted = {"Today", "Custom", "earlier", "compare", "week", "Views over time", "Pages as CSV", "search", "More"}
    assert seen[0] == "Skip to the numbers"
    assert wanted - {*seen} == set()
    assert "Statuses as JSON" in seen


def test_what_has_the_focus_is_seen(look):
    dashboard = look()
    dashboard.page.keyboard.press("Tab")
    dashboard.page.keyboard.press("Tab")

    outline = dashboard.page.evaluate("getComputedStyle(document.activeElement).outline")

    assert "2px" in outline


def test_who_hears_the_page_is_told_what_came(look):
    dashboard = look().click("7 days", within="#choices")

    said = dashboard.page.get_by_role("status").inner_text()

    assert said.split() == ["Nov", "19", "–", "25,", "2026:", dashboard.cards()["Views"], "views"]


# What it is made of


def test_all_that_is_loaded_first_is_small(browser, url):
    dashboard = Dashboard(browser, url)
    responses: list[Response] = []
    dashboard.page.on("response", lambda response: responses.append(response))

    dashboard.open()

    sizes = [response.request.sizes() for response in responses]
    dashboard.context.close()
    most, requests = FIRST_PAINT
    assert 3 < len(sizes) <= requests
    assert sum(size["responseHeadersSize"] + size["responseBodySize"] for size in sizes) < most


def test_nothing_stands_in_line_and_the_policy_forbids_it(look, url):
    html = (PAGE / "index.html").read_text("utf-8")
    response = look().page.request.get(url)

    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:|https?://(?!www\.w3\.org/)", html) == []


def test_no_text_is_ever_parsed_as_markup():
    ours = list((PAGE / "assets").glob("*.js"))

    ways = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment|\beval\(|new Function"
    assert len(ours) > 10
    assert [path.name for path in ours if re.search(ways, path.read_text("utf-8"))] == []


def test_the_charting_library_is_the_one_that_was_vendored():
    done = subprocess.run(
        [sys.executable, ROOT / "scripts/vendor_uplot.py", "--check"], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout) == (0, "uplot 1.6.32: 3 files are as they should be\n"), done.stderr
    assert "MIT" in (PAGE / "assets/vendor/uplot/LICENSE").read_text("utf-8")
