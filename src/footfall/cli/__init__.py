"""
The command line. Each command is in a file of its own, and its docstring is its help.

Answers go to stdout, everything else to stderr; exit code 0 done, 1 our error, 2 bad usage.
"""

from typing import Any

import click

from .breakdowns import pages, top
from .demo import demo
from .doctor import doctor
from .explain import explain
from .group import Group
from .history import history_
from .import_logs import import_
from .init import init
from .options import common
from .serve import serve
from .status import status_
from .sweep import sweep
from .table import table
from .token import token
from .views import views_


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@common
@click.version_option(package_name="footfall")
@click.pass_context
def cli(context: click.Context, /, **given: Any) -> None:
    """
    Count page views from the access logs that a web site's bucket already writes.

    Start with `footfall demo`, or with `footfall import FOLDER` and `footfall pages`.
    """
    context.obj = {**(context.obj or {}), **given}


for command in (
    import_, pages, top, history_, views_, explain, status_, doctor, serve, sweep, table, token, init, demo,
):  # fmt: skip
    cli.add_command(command)
