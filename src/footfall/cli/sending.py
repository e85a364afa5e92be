"""`--send` and `--webhook`: sends notices once, to the destination in the setting `digest` or in the flag."""

from collections.abc import Iterable

import click

from ..errors import ConfigError
from ..notices import Notice, deliver, place_text
from ..output import to_json
from ..settings.notices import read_destination
from .invocation import Invocation
from .options import Command

# What became of a notice, as shown to people.
SAID = {
    "ours": "sent to {to}",
    "held": "another run is sending it to {to}",
    "delivered": "was already sent to {to}",
}


def sent(command: Command) -> Command:
    """For answers that can be sent."""
    command = click.option("--webhook", metavar="URL", help="Send it once to a webhook.")(command)
    return click.option("--send", is_flag=True, help="Send it once to the destination in the setting `digest`.")(command)


def send_once(invocation: Invocation, notices: Iterable[Notice], webhook: str | None) -> None:
    """Send each notice unless it was already sent, and report it."""
    to = read_destination("--webhook", webhook) if webhook else invocation.settings["digest"].to
    if not to:
        raise ConfigError("the setting digest does not say where to send it: set its `to`, or give a --webhook")
    invocation.store.prepare(invocation.zone.key)
    for notice in notices:
        done = deliver(invocation.store.notices, notice, to)
        if invocation.is_json:
            click.echo(to_json({notice.kind: notice.title, "sent": done == "ours", "to": place_text(to)}))
        elif not invocation.is_quiet:
            click.echo(f"{notice.title}: {SAID[done].format(to=place_text(to))}")
