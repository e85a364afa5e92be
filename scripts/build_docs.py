"""
Builds the documents as a searchable site: what `make docs` runs.

The documents link to each other, and to files beside them, by their places in the repository. So the site is made from a copy
of them that keeps these places. Zensical follows each link and anchor, and a broken one is an error.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
CONFIG = "zensical.toml"
PLACES = ("*.md", "docs/**/*.md", "examples/*.md", "benchmarks/*.md")


def documents(root: Path = ROOT) -> list[Path]:
    """All documents below `root`, by path."""
    return sorted({path for place in PLACES for path in root.glob(place)})


def build(to: Path, root: Path = ROOT) -> bool:
    """Write the site into `to/site`; False if a link leads nowhere, which is printed."""
    source = to / "source"
    shutil.rmtree(source, ignore_errors=True)
    for document in documents(root):
        for path in (document, *_linked(document, root)):
            place = source / path.relative_to(root)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)
    shutil.copyfile(root / CONFIG, to / CONFIG)
    zensical = Path(sys.executable).with_name("zensical")
    done = subprocess.run([zensical, "build", "--clean", "--strict"], cwd=to, capture_output=True, text=True, check=False)  # noqa: S603 - our own tool
    report = done.stdout + done.stderr.partition("Traceback")[0]
    print(report.strip())
    return done.returncode == 0


def _linked(document: Path, root: Path) -> Iterator[Path]:
    """The files other than documents that a document links to: pictures, code, the licence."""
    for link in re.findall(r"\]\(([^)\s#]+)", document.read_text("utf-8")):
        path = (document.parent / link).resolve()
        if path.is_file() and path.suffix != ".md" and path.is_relative_to(root):
            yield path


if __name__ == "__main__":
    place = ROOT / "build" / "docs"
    place.mkdir(parents=True, exist_ok=True)
    if not build(place):
        sys.exit("build_docs: a document links to what does not exist; see above")
    print(f"the site is in {place.relative_to(ROOT)}/site: open index.html through a server, such as python3 -m http.server")
