"""
Cuts a release: `make release VERSION=0.1.0` dates what is unreleased in the changelog, and sets the version.

It changes two files and nothing else; CONTRIBUTING says what comes before and after.
"""

import re
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
UNRELEASED = "## Unreleased\n"


def cut(changelog: str, version: str, day: str) -> str:
    """The changelog with what was unreleased as `version`, of `day` (2026-01-31, in UTC); raises ValueError."""
    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
        raise ValueError(f"a version has three numbers, such as 0.1.0, not {version!r}")
    if re.search(rf"^## {re.escape(version)}\b", changelog, flags=re.MULTILINE):
        raise ValueError(f"CHANGELOG.md already has {version}; choose the next version")
    before, found, after = changelog.partition(UNRELEASED)
    if not found or not re.search(r"^- ", after.partition("\n## ")[0], flags=re.MULTILINE):
        raise ValueError("CHANGELOG.md has nothing below '## Unreleased' to release")
    return f"{before}{UNRELEASED}\n## {version} - {day}\n{after}"


def with_version(project: str, version: str) -> str:
    """pyproject.toml with this version."""
    return re.sub(r'^version = ".*"$', f'version = "{version}"', project, count=1, flags=re.MULTILINE)


def main(version: str) -> None:
    """Cut it, in the checkout."""
    changelog, project = ROOT / "CHANGELOG.md", ROOT / "pyproject.toml"
    try:
        text = cut(changelog.read_text("utf-8"), version, f"{datetime.now(UTC):%Y-%m-%d}")
    except ValueError as error:
        sys.exit(f"cut_release: {error}")
    changelog.write_text(text, "utf-8")
    project.write_text(with_version(project.read_text("utf-8"), version), "utf-8")
    print(f"CHANGELOG.md and pyproject.toml are at {version}; next: git commit -am 'Release {version}'")


if __name__ == "__main__":
    main(*sys.argv[1:2] or [""])
