"""`footfall demo`: counts and reports a sample site's logs with ordinary commands, then opens the dashboard."""

import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from ..errors import FootfallError
from .invocation import Invocation
from .sample import write_sample_logs
from .serve import LOOPBACK, run_server

DAYS_BEHIND_CDN = 31  # the dashboard's default period, so that it shows countries, which only CloudFront's logs have
# After the import; --store is added to each.
COMMANDS = (
    ("history", "--by", "week"),
    ("pages", "--limit", "10"),
    ("top", "referrer", "--limit", "8"),
    ("top", "country", "--period", "30d", "--limit", "5"),
    ("top", "browser", "--limit", "5"),
    ("top", "bot", "--limit", "8"),
    ("top", "not_found", "--limit", "5"),
    ("status",),
)


@click.command()
@click.option(
    "--folder", default="footfall-demo", metavar="DIR", show_default=True, help="Where to put the sample logs and the counts."
)
@click.option("--serve/--no-serve", default=None, help="Open the dashboard after the reports; default: on a terminal only.")
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=0, metavar="PORT", help="The dashboard's port; default: any free port."
)
@click.pass_context
def demo(context: click.Context, /, folder: str, serve: bool | None, port: int) -> None:
    """
    Demonstrate footfall on the logs of a sample site.

    Creates S3 logs followed by CloudFront logs, counts them, prints reports, and opens the dashboard.
    """
    run_demo(Path(folder), context.find_root().command)
    if sys.stdout.isatty() if serve is None else serve:
        show_demo(Path(folder), port)


def run_demo(folder: Path, cli: click.Command) -> None:
    """Make sample logs of the last 90 days in `folder`, count them from scratch, and print the reports."""
    logs, database, config = folder / "logs", folder / "footfall.db", folder / "footfall.toml"
    try:
        if (folder / ".footfall-demo").exists():  # left by an earlier demo
            shutil.rmtree(folder)
        elif folder.exists() and any(folder.iterdir()):
            raise FootfallError(f"{folder} already exists and was not created by footfall demo; choose another --folder")
        logs.mkdir(parents=True)
        (folder / ".footfall-demo").touch()
        config.touch()  # empty, so that settings in the current folder do not apply
        now = datetime.now(UTC)
        write_sample_logs(logs, now.date(), until=now, days_behind_cdn=DAYS_BEHIND_CDN)
    except OSError as error:
        raise FootfallError(
            f"{folder}: the sample logs cannot be written ({error.strerror or error}); choose another --folder"
        ) from error
    store = f"sqlite:{database}"
    for command in (("import", str(logs)), *COMMANDS):
        click.secho(f"\n$ footfall {' '.join(command)} --store {store}", bold=True)
        arguments = [*command, "--store", store, "--config", str(config)]
        cli.main(arguments, prog_name="footfall", standalone_mode=False, obj={"is_alone": True})
    click.echo(f"\nEverything is in {folder}/. Try, for example:")
    footfall = "footfall" if shutil.which("footfall") else sys.argv[0]  # for `make demo`, which has its own environment
    click.echo(f"  {footfall} history blog/articles/counting-without-cookies --store {store}")


def show_demo(folder: Path, port: int) -> None:
    """Serve the dashboard for what `run_demo` counted, until interrupted."""
    store, config = f"sqlite:{folder / 'footfall.db'}", str(folder / "footfall.toml")
    given = {"json": False, "site": (), "store": store, "config": config, "is_alone": True}
    click.echo()
    run_server(Invocation(given), LOOPBACK, port, asks_token=False, when_ready=_open_browser)


def _open_browser(url: str) -> None:
    """Open a graphical browser if there is one; a text browser would take over the terminal."""
    import webbrowser  # imported here: no other command needs it

    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return
    if type(browser) is not webbrowser.GenericBrowser:
        browser.open(url)
