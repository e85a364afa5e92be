"""`footfall mcp`: a Model Context Protocol server for AI assistants."""

from collections.abc import Mapping
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import click

from ..errors import ConfigError, FootfallError
from ..output import to_json
from .invocation import invocation_of
from .options import common

if TYPE_CHECKING:
    from mcp.server import Server

    from ..api.service import Service
    from ..api.tools import Tool

ABOUT = (
    "Page views of a web site, counted exactly from its access logs. Days are in the site's time zone. Without a period, "
    "answers are of all days; complete_until is the latest request that was logged."
)


@click.command("mcp")
@click.option("--views", is_flag=True, help="Also show single views, with whatever is stored about readers.")
@common
@click.pass_context
def mcp_(context: click.Context, /, views: bool, **given: Any) -> None:
    """
    Serve AI assistants over standard input and output.

    This is a Model Context Protocol server, to be started by the assistant's program. It only reads.
    """
    try:
        import anyio
        from mcp.server.stdio import stdio_server
    except ImportError as error:
        raise FootfallError("footfall mcp needs a package that is not installed: pip install 'footfall[mcp]'") from error
    from ..api.service import Service

    invocation = invocation_of(context, given)
    if len(invocation.sites) > 1:
        raise ConfigError("a report covers one site; give a single --site")
    server = make_server(Service(invocation.settings, asks_token=False), shows_views=views)

    async def serve() -> None:
        async with stdio_server() as (received, sent):
            await server.run(received, sent, server.create_initialization_options())

    anyio.run(serve)


def make_server(service: "Service", *, shows_views: bool) -> "Server[Any]":
    """A server with the tools of `api.tools`; those for single views only if it `shows_views`."""
    from anyio.to_thread import run_sync
    from mcp import types
    from mcp.server import Server

    from ..api.tools import TOOLS

    offered = {name: tool for name, tool in TOOLS.items() if shows_views or not tool.is_of_views}

    async def list_tools(*_: Any) -> types.ListToolsResult:
        reads = types.ToolAnnotations(read_only_hint=True, open_world_hint=False)
        tools = [
            types.Tool(name=name, description=tool.help, input_schema=tool.schema, annotations=reads)
            for name, tool in offered.items()
        ]
        return types.ListToolsResult(tools=tools)

    async def call_tool(_: Any, asked: types.CallToolRequestParams) -> types.CallToolResult:
        if asked.name not in offered:
            text, is_error = f"no tool {asked.name[:40]!r}; there are: {', '.join(offered)}", True
        else:
            text, is_error = await run_sync(_answer, service, offered[asked.name], asked.arguments or {})
        return types.CallToolResult(content=[types.TextContent(type="text", text=text)], is_error=is_error)

    return Server("footfall", version=version("footfall"), instructions=ABOUT, on_list_tools=list_tools, on_call_tool=call_tool)


def _answer(service: "Service", tool: "Tool", given: Mapping[str, Any]) -> tuple[str, bool]:
    """A tool's answer in JSON, or an error message; and whether it is an error."""
    from ..api.errors import Refused

    try:
        return to_json(service.answer(*tool.question(given))), False
    except Refused as refused:
        return refused.error, True
    except FootfallError as error:
        return str(error), True
