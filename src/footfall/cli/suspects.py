"""`footfall suspects`: which visitors behave like bots, by the lines of a day or more."""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any, NamedTuple

import click

from ..digest import make_digester
from ..digest.behaviours import Behaviours
from ..output import to_json, to_table
from ..pageviews.addresses import mask
from ..pageviews.behaviour import SIGNS, Behaviour, signs_of
from ..pipeline.parts import read_lines
from ..reports.visitors import LEAST_TELLING
from ..sources import find_logs
from .completion import complete_files
from .invocation import invocation_of
from .options import common, settings
from .text import columns_of_terminal

FEW = 20
UNUSED = " (not used: people have it, too)"
EXACT = 1e-9  # a tenth of ten is one


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="FILE|-...", shell_complete=complete_files)
@click.option("--limit", type=click.IntRange(0), default=FEW, metavar="N", help=f"Show at most N visitors (default: {FEW}).")
@settings
@common
@click.pass_context
def suspects(context: click.Context, /, sources: tuple[str, ...], limit: int, **given: Any) -> None:
    """
    Show which visitors behave like bots, and by which signs.

    Reads log files, preferably of whole days, and does not count anything. For each sign, it shows how many visitors have it,
    and how many of those came from a search engine: these are people, so a sign that more than a tenth of them have is not
    used.
    """
    invocation = invocation_of(context, given)
    counting = invocation.settings.counting
    digester, behaviours = make_digester(invocation.settings["format"], counting), Behaviours(counting)
    for log_file in chain.from_iterable(map(find_logs, sources)):
        lines, start = read_lines(log_file)
        for _, outcome in digester.explain(lines, start):
            behaviours.add(outcome)
    found = _Found.of([_Visitor(did, signs_of(did)) for did in behaviours.visitors()])
    show = _json if invocation.is_json else _text
    click.echo(show(found, limit, is_masked=counting.mask_addresses))


class _Visitor(NamedTuple):
    did: Behaviour
    signs: list[str]


class _Found(NamedTuple):
    """What the signs say of all visitors, and those who have signs that tell something, the most suspicious first."""

    visitors: int
    from_search: int
    """How many came from a search engine: nearly all of them are people."""
    of_sign: dict[str, tuple[int, int]]
    """How many have each sign, and how many of those came from a search engine."""
    telling: frozenset[str]
    """The signs that few of the latter have."""
    suspects: list[_Visitor]

    @classmethod
    def of(cls, visitors: list[_Visitor]) -> "_Found":
        people = [each for each in visitors if each.did.is_from_search]
        of_sign = {name: (_number_with(name, visitors), _number_with(name, people)) for name in SIGNS}
        telling = frozenset(name for name, (_, had) in of_sign.items() if had <= (1 - LEAST_TELLING) * len(people) + EXACT)
        signs = [_Visitor(did, [name for name in signs if name in telling]) for did, signs in visitors]
        suspects = sorted((each for each in signs if each.signs), key=lambda each: (-len(each.signs), -each.did.views))
        return cls(len(visitors), len(people), of_sign, telling, suspects)


def _number_with(sign: str, visitors: Iterable[_Visitor]) -> int:
    return sum(sign in each.signs for each in visitors)


def _json(found: _Found, limit: int, *, is_masked: bool) -> str:
    answer = {
        "visitors": found.visitors,
        "from_search": found.from_search,
        "signs": [
            {
                "sign": name,
                "visitors": found.of_sign[name][0],
                "from_search": found.of_sign[name][1],
                "is_used": name in found.telling,
                "about": sign.about,
            }
            for name, sign in SIGNS.items()
        ],
        "suspects": [
            {
                "day": did.day,
                "remote_ip": _address(did, is_masked=is_masked),
                "user_agent": did.user_agent,
                "views": did.views,
                "files": did.files,
                "requests": did.requests,
                "missing": did.missing,
                "signs": signs,
            }
            for did, signs in found.suspects[:limit]
        ],
        "other_suspects": max(len(found.suspects) - limit, 0),
    }
    return to_json(answer)


def _text(found: _Found, limit: int, *, is_masked: bool) -> str:
    if not any(number for number, _ in found.of_sign.values()):
        return f"no signs of a bot in {found.visitors:,} {'visitor' if found.visitors == 1 else 'visitors'}"
    rows = [
        (number, f"{number / found.visitors:.0%}", f"{had:,} of {found.from_search:,}", name + ("" if is_used else UNUSED))
        for name, (number, had) in found.of_sign.items()
        if number
        for is_used in [name in found.telling]
    ]
    tables = [to_table(("Visitors", "Share", "From search", "Sign"), rows, numbers=3)]
    if these := found.suspects[:limit]:
        columns = ("Views", "Files", "Day", "Signs", "Address", "User agent")
        tables.append(to_table(columns, [_row(each, is_masked=is_masked) for each in these], 2, columns_of_terminal()))
    verb = "has" if len(found.suspects) == 1 else "have"
    return "\n\n".join([*tables, f"{len(found.suspects):,} of {found.visitors:,} visitors {verb} a sign that is used"])


def _row(visitor: _Visitor, *, is_masked: bool) -> Sequence[int | str]:
    did, signs = visitor
    return did.views, did.files, did.day, ", ".join(signs), _address(did, is_masked=is_masked) or "-", did.user_agent or "-"


def _address(did: Behaviour, *, is_masked: bool) -> str | None:
    return mask(did.remote_ip) if is_masked else did.remote_ip
