"""What footfall asks of other packages: no version with a published advisory, and none that was not tried."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from .conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = [each for name, extra in PROJECT["optional-dependencies"].items() if name != "dev" for each in extra]
ASKED = [Requirement(each) for each in [*PROJECT["dependencies"], *EXTRAS]]
# The first version that mends what was published; SECURITY.md names each.
MENDED = {"starlette": "1.3.1", "h11": "0.16", "urllib3": "2.7"}


@pytest.mark.parametrize("name", MENDED)
def test_no_version_is_let_in_that_an_advisory_names(name: str) -> None:
    (asked,) = (each for each in ASKED if each.name == name)

    assert f"{name} {MENDED[name]}" in (ROOT / "SECURITY.md").read_text("utf-8")
    assert not asked.specifier.contains(f"{MENDED[name]}.dev0", prereleases=True)
    assert asked.specifier.contains(MENDED[name])


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked.name)
def test_what_the_tests_run_with_is_let_in(asked: Requirement) -> None:
    lock = (ROOT / "requirements-dev.lock").read_text("utf-8")
    pinned = {canonicalize_name(name): Version(version) for name, version in re.findall(r"^([\w.-]+)==([^\s;\\]+)", lock, re.M)}

    assert asked.specifier.contains(pinned[canonicalize_name(asked.name)])
