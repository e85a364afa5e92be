"""From pieces to fields: those of a request, and those that CloudFront documents."""

from collections.abc import Callable, Mapping, Sequence

from ..pieces import FieldOfPieces, constant
from . import values
from .names import (
    ADDRESS,
    BYTES_SENT,
    CONTENT_TYPE,
    COUNTRY,
    DISTRIBUTION,
    DOCUMENTED,
    METHOD,
    QUERY,
    REFERRER,
    REQUEST_ID,
    SITE,
    STATUS,
    STEM,
    USER_AGENT,
)
from .patterns import DAY, HOUR, IS_ERROR, NUMBER, SECOND, UNLOGGED
from .times import Clock

READ_BY: Mapping[str, tuple[tuple[str, ...], Callable[..., object]]] = {
    "hosts": ((SITE, DISTRIBUTION), values.hosts),
    "method": ((METHOD,), values.text),
    "path": ((STEM,), values.path),
    "query": ((QUERY,), values.decoded),
    "status": ((STATUS,), values.number),
    "referrer": ((REFERRER,), values.decoded),
    "user_agent": ((USER_AGENT,), values.user_agent),
    "remote_ip": ((ADDRESS,), values.text),
    "content_type": ((CONTENT_TYPE,), values.decoded),
    "bytes_sent": ((BYTES_SENT,), values.number),
    "country": ((COUNTRY,), values.country),
    "record_id": ((REQUEST_ID,), values.record_id),
    "is_read": ((METHOD,), values.is_read),
}


def of_request(usually: frozenset[str], clock: Clock) -> Mapping[str, FieldOfPieces]:
    """The facts of a request, in HTTP's terms, for lines that `usually` do not have these."""

    def field(names: tuple[str, ...], read: Callable[..., object]) -> FieldOfPieces:
        return _field([NUMBER[name] for name in names], read)

    def time(day: bytes | None, hour: bytes, second: bytes) -> int:
        start: int = clock.starts[(day, hour) if clock.has_days else hour]
        return start + clock.seconds[second]

    return {
        "time": field((DAY, HOUR, SECOND), time),
        **{fact: field(*row) for fact, row in READ_BY.items()},
        "is_error_page": field((STATUS, *IS_ERROR.values(), CONTENT_TYPE), _is_error_page),
        "is_signed": constant(False),
        "is_cdn": constant(False),
        "unlogged": field((UNLOGGED,), lambda piece: usually if piece is None else frozenset(piece.decode().split()[1:])),
    }


def _field(pieces: Sequence[int], read: Callable[..., object]) -> FieldOfPieces:
    """A field made from these pieces, which are passed in the order of the line."""
    in_line = sorted(pieces)
    if in_line == [*pieces]:
        return FieldOfPieces(tuple(in_line), read)
    places = [in_line.index(piece) for piece in pieces]
    return FieldOfPieces(tuple(in_line), lambda *values: read(*[values[place] for place in places]))


def _is_error_page(status: bytes, result: bytes | None, response: bytes | None, content_type: bytes | None) -> bool:
    """
    Whether CloudFront answered with its custom error page despite status 200: then both results are errors.

    If a reader leaves early, only the result is an error. If only the result is logged, the content type decides, which
    error pages often lack.
    """
    if status != b"200":
        return False
    if response is None:
        return result == values.ERROR and content_type == b"-"
    return response == values.ERROR and result in (None, values.ERROR)


AS_LOGGED: Mapping[str, FieldOfPieces] = {name: FieldOfPieces((NUMBER[name],), values.as_logged) for name in DOCUMENTED}
"""All fields that CloudFront documents."""
