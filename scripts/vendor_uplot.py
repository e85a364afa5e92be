"""
Fetch uPlot, the dashboard's charting library, into the package:

    .venv/bin/python scripts/vendor_uplot.py            # or: make vendor
    .venv/bin/python scripts/vendor_uplot.py --check    # are the files that are there the right ones? needs no network

It is taken by `npm pack` from whichever registry npm is set up for, and each file is compared with its checksum before
anything is written. For another version change VERSION, run it, look at what changed, and write down the sums it tells.
"""

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path

PACKAGE, VERSION = "uplot", "1.6.32"
FOLDER = Path(__file__).parents[1] / "src/footfall/dashboard/assets/vendor/uplot"
# Each file of the package, and its SHA-256.
FILES: Mapping[str, str] = {
    "package/dist/uPlot.iife.min.js": "19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f",
    "package/dist/uPlot.min.css": "df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04",
    "package/LICENSE": "8f989229699b4fe2f1a0432d0e9edc338a8a911e250e2d1b01ecd770a5f5b1bd",
}


def fetch() -> dict[str, bytes]:
    """The content of each file, as the registry has it."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", "--json", "--ignore-scripts", f"{PACKAGE}@{VERSION}"]
        packed = subprocess.run(command, cwd=folder, capture_output=True, check=True, timeout=120)  # noqa: S603 - no words of others
        with tarfile.open(Path(folder) / json.loads(packed.stdout)[0]["filename"]) as archive:
            return {name: archive.extractfile(name).read() for name in FILES}  # type: ignore[union-attr]


def read() -> dict[str, bytes]:
    """The same, as they lie here; b"" for one that is missing."""
    return {name: _here(name).read_bytes() if _here(name).exists() else b"" for name in FILES}


def wrong(contents: Mapping[str, bytes]) -> list[str]:
    """The files that are not what they should be, each with the sum that it has."""
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    return [f"{name} has the checksum {sums[name]}, not {wanted}" for name, wanted in FILES.items() if sums[name] != wanted]


def _here(name: str) -> Path:
    return FOLDER / Path(name).name


def main() -> int:
    """Check what is there, or fetch, check and write."""
    is_check = sys.argv[1:] == ["--check"]
    contents = read() if is_check else fetch()
    problems = wrong(contents)
    for problem in problems:
        print(f"vendor_uplot: {problem}", file=sys.stderr)
    if problems:
        return 1
    if not is_check:
        FOLDER.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            _here(name).write_bytes(content)
    print(f"{PACKAGE} {VERSION}: {len(contents)} files are as they should be")
    return 0


if __name__ == "__main__":
    sys.exit(main())
