"""
`footfall completion SHELL`: completes commands, flags, dimensions, and the pages and sites in the store.

This runs whenever the Tab key is pressed, so it is fast, and silent if there is no store. A store that costs money is not read.
"""

import re
from collections.abc import Callable, Iterable
from contextlib import closing
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

import click
from click.shell_completion import CompletionItem, get_completion_class

from ..errors import FootfallError

if TYPE_CHECKING:
    from .invocation import Invocation

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_FOOTFALL_COMPLETE"  # click's name for it, made from the program's
MOST_SHOWN = 100
_SPECIAL = re.compile(r"""[\s"'\\$`!*?&;|<>(){}\[\]#~%]""")  # to a shell; pages that contain one are percent-encoded

Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(context: click.Context, /, shell: str) -> None:
    """
    Print the script that completes commands in a shell.

    For bash (~/.bashrc) and zsh (~/.zshrc): eval "$(footfall completion bash)". For fish: footfall completion fish >
    ~/.config/fish/completions/footfall.fish
    """
    if made := get_completion_class(shell):
        click.echo(made(context.find_root().command, {}, "footfall", VARIABLE).source())


def named(names: Callable[[], Iterable[tuple[str, str]]]) -> Completer:
    """Completes one of these names, with descriptions; the names are evaluated when a key is pressed."""

    def complete(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return [CompletionItem(name, help=about) for name, about in names() if name.startswith(incomplete)]

    return complete


def complete_files(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Leaves file names to the shell."""
    return [CompletionItem(incomplete, type="file")]


def complete_sites(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The sites of the store."""
    return _of_store(
        context, lambda asked: [CompletionItem(site) for site in asked.store.sites() if site.startswith(incomplete)]
    )


def complete_pages(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The most viewed pages with this prefix, written as names or paths."""
    return _of_store(context, lambda asked: _pages(asked, incomplete))


def _pages(asked: "Invocation", incomplete: str) -> list[CompletionItem]:
    from ..reports import Query, breakdown

    slash = "/" if incomplete.startswith("/") else ""
    query = Query(site=asked.site, dimension="page", prefix=unquote(incomplete.removeprefix("/")), limit=MOST_SHOWN)
    found = breakdown(asked.store, query)
    return [CompletionItem(_written(row.value, slash), help=_told(row.views)) for row in found.rows]


def _told(views: int) -> str:
    return f"{views:,} {'view' if views == 1 else 'views'}"


def _written(page: str, slash: str) -> str:
    """
    A page as it can be written in any shell.

    >>> _written("projects/garden shed", "/")
    '/projects/garden%20shed'
    """
    return page if page == "/" else slash + _SPECIAL.sub(lambda found: quote(found[0]), page)


def _of_store(context: click.Context, ask: Callable[["Invocation"], list[CompletionItem]]) -> list[CompletionItem]:
    """The store's answer; empty if it does not exist, cannot be read, or costs money to read."""
    from .invocation import Invocation

    flags: dict[str, Any] = {"json": False, "site": (), "config": None, "store": None}
    for each in (context.find_root(), context):
        flags |= {name: value for name in ("site", "config", "store") if (value := each.params.get(name))}
    try:
        asked = Invocation(flags)
        with closing(asked.store):
            return ask(asked) if asked.store.capacity() is None else []
    except FootfallError:
        return []
