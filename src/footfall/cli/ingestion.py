"""Shared by `import`, `sweep` and `recount`: shows the pipeline's events, then a summary."""

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial

import click

from ..digest import Digester, make_digester
from ..pipeline.events import Event, FileFailed, PartCounted
from .invocation import Invocation
from .progress import show_progress
from .rejects import Rejects
from .summary import Summary


def run_ingestion(invocation: Invocation, events: Iterator[Event], rejects: Rejects, *, is_dry: bool = False) -> bool:
    """Run the pipeline, show its events, and print the answer; returns whether everything went well."""
    summary = Summary(is_dry=is_dry, are_lines_kept=rejects.path is not None)
    with closing(rejects):
        show(invocation, _keeping(rejects, events), summary)
    summary.show_mistakes(invocation.settings["sites"], is_site_kept=invocation.settings["item"].names_site)
    if not invocation.is_quiet:
        summary.show_doubts()
    return not summary.has_problems


def _keeping(rejects: Rejects, events: Iterator[Event]) -> Iterator[Event]:
    """The same events; the unreadable lines of each are saved once it has been shown."""
    for event in events:
        yield event
        if isinstance(event, PartCounted | FileFailed):
            rejects.add(event.rejects)


def show(invocation: Invocation, events: Iterator[Event], summary: Summary) -> None:
    """Iterate over the events, add them up, show them, and print the answer."""
    progress = show_progress(events, is_quiet=invocation.is_quiet)
    with without_garbage_collection(), closing(invocation.store), closing(progress) as shown:
        try:
            for event in shown:
                summary.add(event)
        finally:
            summary.show_problems(is_quiet=invocation.is_quiet)
    if invocation.is_json:
        click.echo(invocation.answer(summary.json()))
    elif not invocation.is_quiet:
        click.echo(summary.text())
        if caveat := summary.caveat():
            click.echo(caveat, err=True)


def digesters(invocation: Invocation, *, rejects_folder: str = "") -> Callable[[], Digester]:
    """Makes the digesters that read lines, here and in other processes."""
    settings = invocation.settings
    return partial(make_digester, settings["format"], settings.counting, rejects_folder=rejects_folder)


def usable_processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """Pauses garbage collection: objects made per line contain no cycles, and looking for them takes a tenth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
