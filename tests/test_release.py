"""Cutting a release, and the site of the documents."""

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType

import pytest

from .conftest import ROOT

OLD = "# Changelog\n\n## Unreleased\n\n### Added\n\n- A report.\n\n## 0.1.0 - 2026-01-31\n\n- All of it.\n"


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / f"scripts/{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_is_unreleased_gets_a_version_and_a_day():
    cut = script("cut_release").cut(OLD, "0.2.0", "2026-02-28")

    assert "## Unreleased\n\n## 0.2.0 - 2026-02-28\n\n### Added\n\n- A report.\n\n## 0.1.0 - 2026-01-31" in cut
    assert script("cut_release").with_version('name = "x"\nversion = "0.1.0"\n', "0.2.0") == 'name = "x"\nversion = "0.2.0"\n'


@pytest.mark.parametrize(
    ("changelog", "version", "why"),
    [
        (OLD, "0.1.0", "already has 0.1.0"),
        (OLD, "v0.2", "three numbers"),
        (OLD.replace("- A report.", ""), "0.2.0", "nothing below"),
    ],
)
def test_a_release_that_cannot_be_is_refused(changelog, version, why):
    with pytest.raises(ValueError, match=why):
        script("cut_release").cut(changelog, version, "2026-02-28")


def test_this_changelog_can_be_cut():
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")

    assert "## Unreleased\n\n## 99.0.0 - 2026-02-28\n" in script("cut_release").cut(text, "99.0.0", "2026-02-28")


@pytest.mark.slow
def test_the_site_has_every_document_and_a_broken_link_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    site = script("build_docs")
    copy, built = tmp_path / "copy", tmp_path / "built"
    built.mkdir()
    for name in ("docs", "examples"):
        shutil.copytree(ROOT / name, copy / name)
    for document in site.documents():
        (copy / document.relative_to(ROOT)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(document, copy / document.relative_to(ROOT))
    shutil.copy(ROOT / "zensical.toml", copy)

    assert site.build(built), capsys.readouterr().out

    pages = {page.parent for page in (built / "site").rglob("index.html")}
    missing = [
        path
        for path in site.documents()
        if path.stem != "README" and built / "site" / path.relative_to(ROOT).with_suffix("") not in pages
    ]
    assert missing == []
    assert "counting-without-cookies" in (built / "site/search.json").read_text("utf-8")

    with (copy / "docs/why.md").open("a") as document:
        document.write("\n[nowhere](how-to/nothing.md)\n")
    assert not site.build(built, copy)
    assert "page does not exist" in capsys.readouterr().out
