"""
Print the titles of a static site's pages as JSON, for popular.js:

    python3 titles.py public --without " | My blog" > public/titles.json

Run it after the site was built. `og:title` comes before `<title>`, as it seldom ends in the name of the site.
"""

import argparse
import json
from html.parser import HTMLParser
from pathlib import Path


class Titles(HTMLParser):
    """Finds the titles of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found = {"og:title": "", "title": ""}
        self._is_open = self._is_in_body = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "meta" and named.get("property") == "og:title":
            self.found["og:title"] = named.get("content") or ""
        self._is_in_body = self._is_in_body or tag == "body"  # where pictures have titles
        self._is_open = tag == "title" and not self._is_in_body

    def handle_endtag(self, _: str) -> None:
        self._is_open = False

    def handle_data(self, data: str) -> None:
        if self._is_open:
            self.found["title"] += data


def title_of(path: Path) -> str:
    """The title of a page; "" if it has none."""
    parser = Titles()
    parser.feed(path.read_text("utf-8", "replace"))
    return " ".join(next(filter(None, parser.found.values()), "").split())


def main() -> None:
    """Read the pages of a folder, and print their titles."""
    parser = argparse.ArgumentParser(description="Print the titles of a site's pages as JSON.")
    parser.add_argument("folder", type=Path, help="the site as it was built")
    parser.add_argument("--without", default="", metavar="ENDING", help="what to leave out at the end of each title")
    given = parser.parse_args()
    pages = sorted(given.folder.rglob("*.htm*"))
    titles = {f"/{path.relative_to(given.folder).as_posix()}": title_of(path).removesuffix(given.without) for path in pages}
    print(json.dumps({path: title for path, title in titles.items() if title}, ensure_ascii=False, indent=0))


if __name__ == "__main__":
    main()
