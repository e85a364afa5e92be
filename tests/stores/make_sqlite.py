"""
Writes the database that tests/test_old_stores.py opens, and what its footfall answered from it.

    python tests/stores/make_sqlite.py .venv/bin/footfall 3f0e3ed    in a checkout of that commit

Run it once before the schema changes, and keep the files: stores that people have must go on.
"""

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).parent
LOGS = HERE.parents[1] / "docs/sample-logs"
QUESTIONS = (
    ("pages",),
    ("history",),
    ("history", "--by", "hour", "--period", "2026-10-21"),
    *(("top", name) for name in ("hour", "referrer", "browser", "system", "status", "not_found", "bot")),
    ("views", "/"),
    ("status",),
)


def main(footfall: str, commit: str) -> None:
    """Import all sample logs but the last, and ask."""
    with TemporaryDirectory() as folder:
        database = Path(folder) / "old.db"

        def said(*arguments: str) -> str:
            command = [footfall, *arguments, "--store", f"sqlite:{database}"]
            return subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder).stdout

        said("import", *map(str, sorted(LOGS.iterdir())[:-1]))
        said("token", "add", "dashboard")
        answers = {" ".join(question): json.loads(said(*question, "--json")) for question in QUESTIONS}
        (HERE / f"{commit}.sqlite").write_bytes(database.read_bytes())
        (HERE / f"{commit}.json").write_text(json.dumps(answers, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
