"""From pieces to fields: those of a request, and those that Caddy documents."""

from collections.abc import Callable
from typing import Any

from ..pieces import ABSENT, FieldOfPieces, Layout, constant
from ..targets import Target, host_of, path_of, query_of, split_target
from .lines import (
    ANSWER_HEADERS,
    CONTENT_TYPE,
    DOCUMENTED,
    HEADERS,
    HEADERS_OF,
    HOUR,
    HUNDRED,
    IS_CDN,
    NUMBER_OF,
    REFERRER,
    REMOTE_ADDR,
    SECOND,
    STARTS,
    STRETCH,
    UNLOGGED,
    USER_AGENT,
)  # fmt: skip
from .messages import decoded, plain


def _value(piece: bytes | None) -> str | int | None:
    return plain(decoded(piece)) if piece else None


def _header(name: str) -> Callable[[bytes | None], Any]:
    """The field of a header with this name."""
    return lambda piece: None if piece is None else HEADERS_OF[piece][name]


def _header_text(name: str) -> Callable[[bytes | None], str | None]:
    header = _header(name)
    return lambda piece: _text(header(piece))


def _text(value: str | int | None) -> str | None:
    return value if isinstance(value, str) else None


def _target(uri: bytes | None) -> Target:
    return split_target((_text(_value(uri)) or "").encode())


def _hosts(named: bytes | None, uri: bytes | None) -> tuple[str, ...]:
    target = _target(uri)
    host = host_of((_text(_value(named)) or "").encode()) or (host_of(target.origin) if target.path else "")
    return (host,) if host else ()


def _address(*senders: bytes | None) -> str | None:
    """Since 2.7, `client_ip` is the client's address even behind trusted proxies; before 2.5, `remote_addr` had a port."""
    remote_ip, client_ip, remote_addr = (_text(_value(each)) for each in senders)
    return client_ip or remote_ip or _without_port(remote_addr or "") or None


def _without_port(address: str) -> str:
    return host_of(address.encode()).strip("[]")


def _number(value: str | int | None) -> int | None:
    return value if isinstance(value, int) and value >= 0 else None


def _field(read: Callable[..., Any], *names: str) -> FieldOfPieces:
    return FieldOfPieces(tuple(map(NUMBER_OF.__getitem__, names)), read)


_OF_HEADERS = {
    USER_AGENT: (HEADERS, "user-agent"),
    REFERRER: (HEADERS, "referer"),
    CONTENT_TYPE: (ANSWER_HEADERS, "content-type"),
}
_AS_LOGGED = {name: _field(_value, name) for name in DOCUMENTED if name not in _OF_HEADERS} | {
    name: _field(_header(header), piece) for name, (piece, header) in _OF_HEADERS.items()
}
LAYOUT = Layout(
    {
        "time": _field(lambda stretch, second: STARTS[stretch] + int(second), STRETCH, SECOND),
        "hosts": _field(_hosts, "request.host", "request.uri"),
        "method": _field(lambda method: _text(_value(method)) or None, "request.method"),
        "path": _field(lambda uri: path_of(_target(uri).path), "request.uri"),
        "query": _field(lambda uri: query_of(_target(uri).query), "request.uri"),
        "status": _field(lambda status: _number(_value(status)), "status"),
        "referrer": _field(_header_text("referer"), HEADERS),
        "user_agent": _field(_header_text("user-agent"), HEADERS),
        "content_type": _field(_header_text("content-type"), ANSWER_HEADERS),
        "remote_ip": _field(_address, "request.remote_ip", "request.client_ip", REMOTE_ADDR),
        "bytes_sent": _field(lambda size: _number(_value(size)), "size"),
        "record_id": ABSENT,
        "is_read": _field(lambda method: _value(method) == "GET", "request.method"),
        "is_signed": constant(False),
        "is_cdn": _field(bool, IS_CDN),
        "is_error_page": constant(False),
        "unlogged": _field(lambda names: frozenset(names.decode().split()), UNLOGGED),
    },
    {**{name: _AS_LOGGED[name] for name in DOCUMENTED}, "user_id": _field(lambda user: _value(user) or None, "user_id")},
    hour=HOUR, second=NUMBER_OF[SECOND], hours=STARTS,
    seconds={b"%02d" % second: second for second in range(HUNDRED)}, span=HUNDRED,
)  # fmt: skip
