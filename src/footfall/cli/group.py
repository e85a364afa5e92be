"""Finds commands, and reports failures: one line on stderr, and an exit code."""

import os
import sys
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from importlib import import_module
from typing import Any

import click

from ..errors import FootfallError
from ..output import printable


class LazyCommands(Mapping[str, click.Command]):
    """Commands by name, each imported on first use from `module:name` in this package."""

    def __init__(self, places: Mapping[str, str]):
        self._places = places

    def __getitem__(self, name: str) -> click.Command:
        module, _, command = self._places[name].partition(":")
        found: click.Command = getattr(import_module(f".{module}", __package__), command)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


class Group(click.Group):
    """Commands whose errors are one line on stderr: exit code 1, or 2 for bad usage."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="backslashreplace")
        return super().main(*args, **kwargs)

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except FootfallError as error:
            click.echo(f"footfall: {printable(str(error))}", err=True)
            context.exit(error.exit_code)
        except BrokenPipeError:  # `footfall pages | head`: the reader has closed the pipe
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            context.exit(0)
        except KeyboardInterrupt:
            click.echo("footfall: interrupted; what was counted is kept. Run the same command again to resume", err=True)
            context.exit(130)
        except OSError as error:
            click.echo(f"footfall: cannot write the output ({error.strerror}); free some space, or write elsewhere", err=True)
            context.exit(1)

    def resolve_command(self, context: click.Context, args: list[str]) -> Any:
        try:
            return super().resolve_command(context, args)
        except click.UsageError as error:
            near = get_close_matches(args[0].lower(), self.commands, n=1) if args else []
            meant = f"Did you mean {near[0]}? " if near else ""
            raise click.UsageError(f"{error.message} {meant}There are: {', '.join(self.commands)}.", context) from error
