"""
Join the dashboard's modules and style sheets into the two files that browsers get:

    .venv/bin/python scripts/bundle_dashboard.py            # or: make bundle
    .venv/bin/python scripts/bundle_dashboard.py --check    # are the files that are there made of these sources?

esbuild, which package-lock.json pins, follows the imports from main.js. Nothing is minified, so that what is served can be
read, and branches that change different modules merge. The first line of each file has a checksum of its sources: so the tests
notice, even without Node, when a module was changed and the bundle was not.
"""

import hashlib
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
DASHBOARD = ROOT / "src/footfall/dashboard"
ASSETS, BUNDLE = DASHBOARD / "assets", DASHBOARD / "bundle"
UPLOT = ASSETS / "vendor/uplot"
ESBUILD = ROOT / "node_modules/.bin/esbuild"
OPTIONS = ("--bundle", "--format=esm", "--charset=utf8", "--log-level=warning")


def bundles() -> dict[str, bytes]:
    """The content of each file of the bundle, made anew."""
    command = [str(ESBUILD), str(ASSETS / "main.js"), *OPTIONS]
    ours = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, timeout=120).stdout  # noqa: S603
    return {
        "dashboard.js": heading("*.js") + (UPLOT / "uPlot.iife.min.js").read_bytes() + ours,
        "dashboard.css": heading("*.css")
        + (UPLOT / "uPlot.min.css").read_bytes()
        + b"\n"
        + (ASSETS / "style.css").read_bytes(),
    }


def heading(pattern: str) -> bytes:
    """The first line of a file that is made of the sources of a pattern."""
    sources = sorted(ASSETS.rglob(pattern))
    total = hashlib.sha256()
    for path in sources:
        total.update(f"{path.relative_to(ASSETS).as_posix()} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return f"/* Made by scripts/bundle_dashboard.py from {len(sources)} files: {total.hexdigest()} */\n".encode()


def stale(made: Mapping[str, bytes]) -> list[str]:
    """The names of files that are not as they are made."""
    return [name for name, content in made.items() if not (BUNDLE / name).exists() or (BUNDLE / name).read_bytes() != content]


def main() -> int:
    """Check what is there, or write it."""
    if not ESBUILD.exists():
        print("bundle_dashboard: esbuild is missing; npm ci --ignore-scripts brings it", file=sys.stderr)
        return 1
    made = bundles()
    if sys.argv[1:] != ["--check"]:
        BUNDLE.mkdir(exist_ok=True)
        for name, content in made.items():
            (BUNDLE / name).write_bytes(content)
    elif names := stale(made):
        print(f"bundle_dashboard: {' and '.join(names)} not as the sources make them: make bundle", file=sys.stderr)
        return 1
    print(f"{' and '.join(made)} are as the sources make them")
    return 0


if __name__ == "__main__":
    sys.exit(main())
