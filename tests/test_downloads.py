"""The dimension `download`: files that people keep, and feeds."""

import pytest

from footfall.digest import make_digester
from footfall.pageviews.counting import Counting
from footfall.pageviews.downloads import LONGEST_FILE

from .builders import GOOGLEBOT, ask, line


def found_in(*lines: bytes) -> dict[str, int]:
    said = make_digester("s3", Counting()).read([b"\n".join(lines)])
    return {value: times for (_, dimension, _, value), times in said.drops.items() if dimension == "download"}


def test_downloads_and_feeds_are_counted_by_their_path_whoever_asks():
    found = found_in(
        line("files/A%2520b.PDF"), line("files/A%2520b.PDF", agent=GOOGLEBOT), line("blog/index.xml", status=304), line("feed"),
        line("v1.0/footfall-1.0.tar.gz"), line("blog/atom.xml"), line("news.rss"),
    )  # fmt: skip

    assert found == {
        "files/A b.PDF": 2, "blog/index.xml": 1, "feed": 1, "v1.0/footfall-1.0.tar.gz": 1, "blog/atom.xml": 1, "news.rss": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    "other",
    [
        line("css/main.css"),
        line("img/a.webp"),
        line("sitemap.xml"),
        line("robots.txt"),
        line("data/index.json"),
        line("a.pdf", status=404),
        line("a.pdf", status=206),  # a part of a file that was counted at its beginning
        line("feed/"),  # a page
        line("pdf"),
    ],
)
def test_what_pages_are_made_of_and_what_was_not_sent_is_no_download(other):
    assert found_in(other) == {}


def test_a_long_name_is_cut():
    assert [len(name) for name in found_in(line(f"{'x' * 1000}.pdf"))] == [LONGEST_FILE]


def test_they_are_asked_for_as_they_are_copied(here):
    (here / "a.log").write_bytes(b"\n".join([line("files/a.pdf"), line("feed.xml")]))
    ask("import", "a.log")

    assert ask("top", "download", "--prefix", "/files/", "--json").rows == {"files/a.pdf": 1}
