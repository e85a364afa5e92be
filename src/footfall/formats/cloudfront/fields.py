"""Which pieces of a line say what: the fields of a request, and those that CloudFront documents."""

from collections.abc import Callable, Mapping, Sequence

from ..pieces import FieldOfPieces, constant
from . import values
from .lines import Lines
from .names import (
    ADDRESS,
    BYTES_SENT,
    CONTENT_TYPE,
    DISTRIBUTION,
    DOCUMENTED,
    METHOD,
    QUERY,
    REFERRER,
    REQUEST_ID,
    RESPONSE_RESULT,
    RESULT,
    SITE,
    STATUS,
    STEM,
    USER_AGENT,
    unlogged,
)
from .patterns import HOUR, IS_ERROR, SECOND, UNLOGGED
from .times import HOURS, SECONDS

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
    "record_id": ((REQUEST_ID,), values.record_id),
    "is_read": ((METHOD,), values.is_read),
}


def of_request(lines: Lines) -> Mapping[str, FieldOfPieces]:
    """The facts of a request, in HTTP's words."""
    usually = unlogged(lines.listed)

    def field(names: tuple[str, ...], read: Callable[..., object]) -> FieldOfPieces:
        return _field([lines.number[name] for name in names], read)

    return {
        "time": field((HOUR, SECOND), lambda hour, second: HOURS[hour] + SECONDS[second]),
        **{fact: field(*row) for fact, row in READ_BY.items()},
        "is_error_page": field((STATUS, *IS_ERROR.values(), CONTENT_TYPE), _is_error_page(lines.listed)),
        "is_signed": constant(False),
        "is_cdn": constant(False),
        "unlogged": field((UNLOGGED,), lambda piece: usually if piece == b"" else frozenset(piece.decode().split()[1:])),
    }


def _field(pieces: Sequence[int], read: Callable[..., object]) -> FieldOfPieces:
    """What reads these pieces, which come in the order that they have in the line."""
    in_line = sorted(pieces)
    places = [in_line.index(piece) for piece in pieces]
    return FieldOfPieces(tuple(in_line), lambda *values: read(*[values[place] for place in places]))


def _is_error_page(listed: frozenset[str]) -> Callable[..., bool]:
    """
    Whether CloudFront answered with its custom error page, though with 200: then both results are errors.

    Where readers leave early the result alone is one. If it is all that is selected, the content type tells, which error
    pages often lack.
    """

    def said(name: str, piece: bytes | None) -> bool | None:
        is_absent = piece is None if name in listed else piece == b""
        return None if is_absent else piece == values.ERROR

    def is_error_page(status: bytes, result: bytes | None, response: bytes | None, content_type: bytes | None) -> bool:
        if status != b"200":
            return False
        has_erred, has_answered_error = said(RESULT, result), said(RESPONSE_RESULT, response)
        if has_answered_error is None:
            return bool(has_erred) and content_type == b"-"
        return has_answered_error and has_erred is not False

    return is_error_page


def documented(lines: Lines) -> Mapping[str, FieldOfPieces]:
    """All that CloudFront documents, as logged."""
    return {
        name: FieldOfPieces((lines.number[name],), values.as_logged if name in lines.listed else values.text)
        for name in DOCUMENTED
    }
