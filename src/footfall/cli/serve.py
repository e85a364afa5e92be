"""`footfall serve`: the HTTP API and the dashboard, on this machine."""

import logging
import socket
from collections.abc import Callable
from contextlib import closing
from typing import Any

import click

from ..errors import ConfigError, FootfallError
from .days import closing_days
from .invocation import Invocation, invocation_of
from .options import common, serving

PORT = 8080
LOOPBACK = "127.0.0.1"
BACKLOG = 64  # new connections that may wait before any of them can be ended; see connections
ENDING_SECONDS = 5  # for answers in progress when the server is interrupted


@click.command()
@click.option("--host", default=LOOPBACK, show_default=True, metavar="ADDRESS", help="The address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=PORT, show_default=True, help="The port to listen on; 0: any free port."
)
@click.option("--ask-token", is_flag=True, help="Require a token on loopback too, for use behind a proxy.")
@click.option(
    "--access-log", metavar="FILE", help="Log each request to FILE, in the combined format; - is standard error. Default: none."
)
@serving
@common
@click.pass_context
def serve(
    context: click.Context, /, host: str, port: int, ask_token: bool, access_log: str | None, **given: Any
) -> None:  # fmt: skip
    """
    Serve the API and the dashboard over HTTP.

    On loopback, anyone on this machine can read everything. Any other address requires a token; create one first: footfall
    token add NAME.
    """
    from ..api.middleware import is_loopback

    run_server(invocation_of(context, given), host, port, asks_token=ask_token or not is_loopback(host), access_log=access_log)


def run_server(
    invocation: Invocation, host: str, port: int, *, asks_token: bool, access_log: str | None = None,
    when_ready: Callable[[str], None] | None = None,
) -> None:  # fmt: skip
    """Serve until interrupted; `when_ready` is called with the URL as soon as connections are accepted."""
    import uvicorn
    from starlette.types import ASGIApp

    from ..api import make_app
    from .access_log import AccessLog
    from .connections import Connection

    invocation.settings.zone_of(invocation.store)  # reports errors in either here rather than to clients
    invocation.store.sites()
    if asks_token and not invocation.store.tokens.all():
        raise ConfigError(
            f"at {host} anyone could read the counts, and there is no token yet; create one: footfall token add NAME"
        )
    invocation.store.close()
    app: ASGIApp = make_app(invocation.settings, asks_token=asks_token)
    if access_log:
        app = AccessLog(app, access_log, is_masked=invocation.settings["mask_addresses"])
    logging.basicConfig(format="footfall: %(message)s")
    with closing(_listen(host, port)) as listener, closing_days(invocation.store):
        url = f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}/"
        # uvicorn's own access log has neither agent nor size; ours (access_log) is only written on request.
        config = uvicorn.Config(
            app, log_level="error", access_log=False, server_header=False, lifespan="off", http=Connection, ws="none",
            backlog=BACKLOG, timeout_graceful_shutdown=ENDING_SECONDS,
        )  # fmt: skip
        server = uvicorn.Server(config)
        click.echo(f"footfall answers at {url} (Ctrl-C to stop)", err=True)
        if when_ready:
            when_ready(url)
        try:
            server.run(sockets=[listener])
        except KeyboardInterrupt:
            click.echo("footfall: ended", err=True)


def _listen(host: str, port: int) -> socket.socket:
    listener = None
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # asyncio only turns off Nagle's algorithm if the protocol is named; otherwise each answer takes 40 ms.
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except (OSError, UnicodeError) as error:
        if listener is not None:
            listener.close()
        said = getattr(error, "strerror", None) or error
        raise FootfallError(f"cannot listen on {host}, port {port} ({said}); choose another --port or --host") from error
    return listener
