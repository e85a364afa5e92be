"""
The command line. Each command is in a file of its own, and its docstring is its help.

Answers go to stdout, everything else to stderr; exit codes: 0 done, 1 our error, 2 bad usage.
"""

from typing import Any

import click

from .group import Group, LazyCommands
from .options import common

# Where each command is. Its file is imported on first use: importing logs does not wait for the doctor.
COMMANDS = {
    "import": "import_logs:import_",
    "pages": "breakdowns:pages",
    "top": "breakdowns:top",
    "history": "history:history_",
    "views": "views:views_",
    "digest": "digest:digest_",
    "alert": "alert:alert",
    "explain": "explain:explain",
    "suspects": "suspects:suspects",
    "status": "status:status_",
    "doctor": "doctor:doctor",
    "serve": "serve:serve",
    "mcp": "mcp:mcp_",
    "sweep": "sweep:sweep",
    "recount": "recount:recount_",
    "copy": "copy:copy_",
    "forget": "forget:forget_",
    "export": "export:export_",
    "table": "table:table",
    "annotation": "annotation:annotation",
    "token": "token:token",
    "init": "init:init",
    "demo": "demo:demo",
    "completion": "completion:completion",
}


def _show_version(context: click.Context, _: click.Parameter, *, is_asked: bool) -> None:
    """Show the version, and which implementation parses log lines."""
    if is_asked:
        from importlib.metadata import version  # takes as long to import as all commands together

        from ..compiled import IS_COMPILED

        click.echo(f"footfall, version {version('footfall')} ({'compiled reader' if IS_COMPILED else 'pure Python'})")
        context.exit()


@click.group(
    cls=Group,
    commands=LazyCommands(COMMANDS),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@common
@click.option(
    "--version", is_flag=True, expose_value=False, is_eager=True, help="Show the version and exit.",
    callback=lambda context, option, value: _show_version(context, option, is_asked=value),
)  # fmt: skip
@click.pass_context
def cli(context: click.Context, /, **given: Any) -> None:
    """
    Count page views from the access logs that a web site already writes.

    Start with `footfall demo`, or with `footfall import FOLDER` and `footfall pages`.
    """
    context.obj = {**(context.obj or {}), **given}
