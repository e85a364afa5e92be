"""What `import` and `sweep` have in common: show what the pipeline yields, then the account of all lines."""

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
from .summary import DRY_TEXT, Summary


def run_ingestion(invocation: Invocation, events: Iterator[Event], rejects: Rejects, *, is_dry: bool = False) -> bool:
    """Go through what happens, show it, and answer; says whether nothing went wrong."""
    summary, is_quiet = Summary(are_lines_kept=rejects.path is not None), invocation.is_quiet
    progress = show_progress(events, is_quiet=is_quiet)
    with without_garbage_collection(), closing(invocation.store), closing(rejects), closing(progress) as shown:
        try:
            for event in shown:
                summary.add(event)
                if isinstance(event, PartCounted | FileFailed):
                    rejects.add(event.rejects)
        finally:
            summary.show_problems(is_quiet=is_quiet)
    if invocation.is_json:
        click.echo(invocation.answer(summary.json()))
    elif not is_quiet:
        click.echo(summary.text(is_dry=is_dry))
        if is_dry and summary.account.views:
            click.echo(DRY_TEXT, err=True)
    summary.show_mistakes(invocation.settings["sites"], is_site_kept=invocation.settings["item"].names_site)
    if not is_quiet:
        summary.show_doubts()
    return not summary.has_problems


def digesters(invocation: Invocation, *, rejects_folder: str = "") -> Callable[[], Digester]:
    """Makes what reads the lines, here and in other processes."""
    settings = invocation.settings
    return partial(make_digester, settings["format"], settings.counting, rejects_folder=rejects_folder)


def usable_processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """Nothing made per line refers to itself, and looking for what does costs a tenth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
