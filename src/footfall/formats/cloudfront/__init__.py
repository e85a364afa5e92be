"""
CloudFront standard logs: legacy, and v2 as W3C text or JSON lines.

    listing    which fields the lines of a file have
    lines      splits lines into pieces: many at once, or any single line with care
    patterns   patterns that find pieces in many lines
    jsonlines  lines of JSON
    times      the times of records
    values     what pieces mean, in HTTP's terms
    fields     the pieces of each field
    advice     what an owner should select
    names      the fields that CloudFront documents
    why        what is wrong with a line that is not a record
"""

from collections.abc import Iterable
from typing import cast

from ...cache import Cache
from ..base import Format, RecordIds
from ..pieces import Layout, PieceColumns, PieceReader
from .advice import notice, refusal
from .fields import AS_LOGGED, of_request
from .lines import Lines
from .listing import DIRECTIVE, PLACES, TAB, FieldList, field_list
from .names import DOCUMENTED, NOTHING, STEM, UNIQUE
from .patterns import NUMBER, SECOND
from .times import Clock
from .why import why_unreadable


class CloudFrontColumns(PieceColumns):
    """The records of a block."""

    def record_ids(self, origin: str, start: int) -> RecordIds:
        """See Columns; ids are decoded all at once, since no two are equal."""
        pieces = list(cast(Iterable[bytes], self.column("record_id")))
        if not pieces or not set(NOTHING).isdisjoint(pieces):
            return super().record_ids(origin, start)
        ids = b"\n".join(pieces).decode("utf-8", "replace").split("\n")
        if len(ids) != len(pieces) or any("%" in each for each in ids):
            return super().record_ids(origin, start)
        return self.ids_alone(ids)


def _layout(usually: frozenset[str], clock: Clock, hour: tuple[int, ...]) -> Layout:
    return Layout(
        of_request(usually, clock), AS_LOGGED,
        hour=hour, second=NUMBER[SECOND], hours=clock.starts, seconds=clock.seconds, span=clock.span,
    )  # fmt: skip


_LAYOUTS = Cache(lambda asked: _layout(*asked))
"""There are few: lists with the same fields are read alike, whatever their order."""


class CloudFrontReader(PieceReader):
    """Reads lines with these fields."""

    columns = CloudFrontColumns

    def __init__(self, listed: FieldList):
        lines = Lines(listed)
        layout = _LAYOUTS[lines.unlogged, lines.clock, lines.hour]
        super().__init__(layout, lines.split_block, lines.split_line, lines.needed, lines.no_record, lines.compiled())
        self.comment = lines.comment
        self.notice, self.refusal, self.is_comment = notice(listed), refusal(listed), lines.is_comment  # type: ignore[method-assign]
        self._listed = listed

    def why_unreadable(self, line: bytes) -> str:
        """See Reader."""
        return why_unreadable(self._listed, line)


_READERS = Cache(CloudFrontReader)


def _reader(head: bytes) -> CloudFrontReader:
    reader: CloudFrontReader = _READERS[field_list(head)]
    return reader


_MARKS = (TAB, b"{", DIRECTIVE, STEM.encode())  # separators of values, and beginnings of JSON and headers


def _recognises(head: bytes) -> bool:
    if not any(mark in head for mark in _MARKS):
        return False
    listed = field_list(head)
    if listed.source != PLACES:
        return listed.is_of_cloudfront
    return bool(_READERS[listed].recognises(head))


CLOUDFRONT = Format(
    title="CloudFront standard log",
    about="Standard logs of a distribution: legacy logs of any year, and v2 as W3C text or JSON lines, with any selection of "
    "fields. A `#Fields:` line applies to the lines after it, so joined files can be read; without one, the values are taken "
    "to be those of legacy logs. If a missing field changes what is counted, the import says so. Parquet and real-time logs "
    "are not read.",
    documented=DOCUMENTED,
    unique=UNIQUE,
    reader=_reader,
    recognises=_recognises,
    directive=DIRECTIVE,
)
