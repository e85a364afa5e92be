"""`footfall demo`: a sample site's logs, counted and reported by the very commands that a person would type."""

import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from ..errors import FootfallError
from .sample import write_sample_logs

# After the import; --store is added to each.
COMMANDS = (
    ("history", "--by", "week"),
    ("pages", "--limit", "10"),
    ("top", "referrer", "--limit", "8"),
    ("top", "browser", "--limit", "5"),
    ("top", "bot", "--limit", "8"),
    ("top", "not_found", "--limit", "5"),
    ("status",),
)


def run_demo(folder: Path, cli: click.Group) -> None:
    """Make sample logs of 90 days, until yesterday, in `folder`, count them from the start, and print the reports."""
    logs, database, config = folder / "logs", folder / "footfall.db", folder / "footfall.toml"
    try:
        if (folder / ".footfall-demo").exists():  # ours, of another day
            shutil.rmtree(folder)
        elif folder.exists() and any(folder.iterdir()):
            raise FootfallError(f"{folder} is there already and not a demo's; name another --folder")
        logs.mkdir(parents=True)
        (folder / ".footfall-demo").touch()
        config.touch()  # the sample site is counted as it comes, whatever settings lie here
        write_sample_logs(logs, datetime.now(UTC).date() - timedelta(1))
    except OSError as error:
        raise FootfallError(f"{folder}: the sample logs cannot be written ({error.strerror or error})") from error
    store = f"sqlite:{database}"
    for command in (("import", str(logs)), *COMMANDS):
        click.secho(f"\n$ footfall {' '.join(command)} --store {store}", bold=True)
        arguments = [*command, "--store", store, "--config", str(config)]
        cli.main(arguments, prog_name="footfall", standalone_mode=False, obj={"is_alone": True})
    click.echo(f"\nAll of it lies in {folder}/. Ask more, for example:")
    footfall = "footfall" if shutil.which("footfall") else sys.argv[0]  # `make demo` runs it from its own environment
    click.echo(f"  {footfall} history blog/articles/counting-without-cookies --store {store}")
