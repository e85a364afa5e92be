"""`footfall doctor`: finds problems in the set-up and suggests remedies."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import click

from ...output import printable, to_json
from ..invocation import invocation_of
from ..options import common, quiet
from .checks import examine
from .findings import ERROR, OK, SKIPPED, WARNING, Checkup, Finding


@click.command()
@click.option(
    "--logs", metavar="SOURCE", help="Where the logs are: s3://bucket/prefix, or a folder; default: the setting `logs`."
)
@quiet
@common
@click.pass_context
def doctor(context: click.Context, /, logs: str | None, **given: Any) -> None:
    """
    Show what is wrong with the set-up, and what to do.

    Checks logging, bucket, notification, table and logs, and changes nothing. Each check is ok, a warning, an error, or
    skipped. The exit code is 1 if there is an error, otherwise 0.
    """
    invocation = invocation_of(context, {**given, "logs": logs})
    found = list(examine(Checkup(invocation.settings, invocation.store)))
    invocation.store.close()
    if invocation.is_json:
        click.echo(to_json({"findings": [{"check": check, **finding._asdict()} for check, finding in found]}))
    else:
        shown = [each for each in found if not invocation.is_quiet or each[1].status in (ERROR, WARNING)]
        for checks, finding in _grouped(shown):
            click.echo(f"{finding.status:<9}{checks:<13} {printable(finding.told)}")
            if finding.remedy:
                click.echo(f"{'':<23}→ {printable(finding.remedy)}")
        if not invocation.is_quiet:
            click.echo(_summary(finding.status for _, finding in found))
    if any(finding.status == ERROR for _, finding in found):
        context.exit(1)


def _grouped(found: Iterable[tuple[str, Finding]]) -> Iterator[tuple[str, Finding]]:
    """The findings in order; at the end, checks that were skipped for the same reason are combined."""
    skipped: dict[Finding, list[str]] = {}
    for check, finding in found:
        if finding.status == SKIPPED:
            skipped.setdefault(finding, []).append(check)
        else:
            yield check, finding
    yield from ((f"{', '.join(checks)}:" if len(checks) > 1 else checks[0], finding) for finding, checks in skipped.items())


def _summary(statuses: Iterable[str]) -> str:
    """
    The number of findings of each status.

    >>> _summary(["ok", "warning", "ok"])
    '0 errors, 1 warning, 2 ok, 0 skipped'
    >>> _summary(["ok"])
    'nothing is wrong: 0 errors, 0 warnings, 1 ok, 0 skipped'
    """
    of = Counter(statuses)
    counts = [f"{of[name]} {name}{'' if of[name] == 1 else 's'}" for name in (ERROR, WARNING)]
    numbers = ", ".join([*counts, *(f"{of[name]} {name}" for name in (OK, SKIPPED))])
    return numbers if of[ERROR] or of[WARNING] else f"nothing is wrong: {numbers}"
