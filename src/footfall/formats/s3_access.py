"""
How S3 writes a server access log record: 17 to 27 fields, and whatever AWS appends later.

    owner bucket [20/Oct/2022:08:49:42 +0000] ip requester id WEBSITE.GET.OBJECT blog/index.html "GET /blog/ HTTP/1.1"
    200 - 21653 21653 100 99 "http://referrer/" "Mozilla/5.0 ..." - host= - - - www.example.com - - -

What a client sends stands between S3's quotes *unescaped*. So one pattern reads the lines that have no other quotes, which
are nearly all: `rows` with many lines at once, `_PLAIN` with each. The rest is read by what surrounds the quotes, in
`_split_with_care`.
The fields: https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html
"""

import re
from calendar import timegm
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import compress
from operator import add, itemgetter, not_
from typing import Any

from ..cache import Cache
from ..records import Format, Raw, Request, Rows

# A raw record: the line and its pieces, which are bytes; None where there is none, as for a bare `-` in place of quotes.
# What follows the host id seldom differs and stays one piece.
(
    LINE, OWNER, BUCKET, HOUR, SECOND, REMOTE_IP, REQUESTER, REQUEST_ID, OPERATION, KEY, REQUEST_URI, STATUS, ERROR,
    BYTES_SENT, OBJECT_SIZE, TOTAL_TIME, TURN_AROUND_TIME, REFERRER, USER_AGENT, VERSION_ID, HOST_ID, REST,
) = range(22)  # fmt: skip
_IN_REST = Request._fields[Request._fields.index("signature_version") :]

_TIME = rb"\[([^ \]:]++:\d\d)(:[0-5]\d:[0-5]\d) \+0000\]"
_URI = rb'"[^ ]++ [^ ]*+ HTTP/[\d.]++"'
# Status, error code, and four numbers, of at most 18 digits: more fit neither SQLite nor truth.
_NUMBER = rb" (\d{1,18}+|-)"
_ANSWER = rb"(\d{3}|-) ([^ ]++)" + _NUMBER * 4
# `[^ ]*+` costs a nanosecond a byte, what looks simpler (`\S`, `.*?`) five: this is the hot path.
_UP_TO_AGENT = (
    rb"([^ ]++) ([^ ]++) " + _TIME + rb" ([^ ]++) ([^ ]++) ([^ ]++) ([^ ]++) ([^ ]++) "
    rb"(?:(" + _URI + rb')|"-"|-) ' + _ANSWER + rb' (?:"([^"]*+)"|-) (?:"([^"]*+)"|-)(?=[^"]*+\Z)'
)
_PLAIN = re.compile(_UP_TO_AGENT + rb" ([^ ]++) ([^ ]++) ([^ ].*)(?<!\r)", re.DOTALL).fullmatch
_PLAIN_AND_SHORT = re.compile(_UP_TO_AGENT + rb"(?: ([^ ]++)(?: ([^ ]++)()?)?)? ?(?<!\r)").fullmatch

# The same for many lines at once: what stands before each piece, and the piece. Quotes are around all three texts, and none
# is within them. Nothing else keeps to its line, since classes of two characters cost five times as much: `rows` counts.
_IN_MANY = {
    OWNER: (b"", rb"[^ ]++"),
    BUCKET: (b" ", rb"[^ ]++"),
    HOUR: (rb" \[", rb"[^:]++:[^:]++"),  # each is looked up
    SECOND: (b"", rb":[0-5]\d:[0-5]\d"),
    REMOTE_IP: (rb" \+0000\] ", rb"[^ ]++"),
    **dict.fromkeys((REQUESTER, REQUEST_ID, OPERATION, KEY), (b" ", rb"[^ ]++")),
    REQUEST_URI: (b" ", rb'"[^"]*+"'),
    STATUS: (b" ", rb"(?:\d{3}|-)"),
    ERROR: (b" ", rb'[^ "]++'),
    **dict.fromkeys((BYTES_SENT, OBJECT_SIZE, TOTAL_TIME, TURN_AROUND_TIME), (b" ", rb"(?:\d{1,18}+|-)")),
    REFERRER: (rb' "', rb'[^"]*+'),
    USER_AGENT: (rb'" "', rb'[^"]*+'),
    VERSION_ID: (rb'"(?!.*") ', rb"(?:-(?= )|[^ \n]++)"),
    HOST_ID: (rb" (?!\n)", rb"[^ ]++"),
    REST: (b" ", rb"[^ \n][^\n]*+(?<!\r)"),
}

_HEAD = rb"([^ ]+) ([^ ]+) (\[[^ \]]+) ([^ \]]+\]) ([^ ]+) "
# A requester may hold blanks (`arn:...:user/CloudFront Origin Access Identity E1`): then the operation's shape tells.
_HEADS = (
    re.compile(_HEAD + rb'([^ ].*?) ([^ ]+) ((?:REST|WEBSITE|SOAP|BATCH|S3)\.[^ ]+) ([^ ]+) (?=["-])'),
    re.compile(_HEAD + rb'([^ ]+) ([^ ]+) ([^ ]+) ([^ ]+) (?=["-])'),
)
# A well-formed target has no raw blank, so the second reading is certain where it fits; the last is the next best.
_URIS = (
    re.compile(rb'(?:"-"|-)() ' + _ANSWER + rb' (?=["-])'),
    re.compile(rb'("[^ ]+ [^ ]* HTTP/[\d.]+") ' + _ANSWER + rb' (?=["-])'),
    re.compile(rb'(".*?") ' + _ANSWER + rb' (?=["-])'),
)
# Where a client forges `" "` in its referrer, the referrer ends there: only it and the user agent can come out wrong.
_TEXTS = re.compile(rb'(?:-|"(.*?)") (?:-|"(.*)")')


def split(lines: Sequence[bytes]) -> tuple[list[Raw | None], list[int]]:
    """The pieces of each line, which has no newline, or None; and the times of those that are records."""
    raws: list[Any] = list(map(_PLAIN, lines))
    if all(raws):
        try:
            return raws, _times(raws)
        except TypeError:  # there is no such hour
            pass
    raws = list(map(_read, lines))
    return raws, _times([raw for raw in raws if raw])


def rows(block: bytes, wanted: tuple[int, ...]) -> Rows:
    """See Format: as `split` reads them, three times as fast."""
    if not block.endswith(b"\n"):
        block += b"\n"
    if b"\r" in block:
        block = block.replace(b"\r\n", b"\n")
    find, hour_of, pieces_of = _finder(wanted)
    found: list[Any] = find(block)
    lines = len(block) - len(block.replace(b"\n", b""))  # bytes.count takes thrice as long
    hours = set(map(hour_of, found))
    odd: Sequence[int] = ()
    # Each match ends with a newline, and the next begins there. So each is one line, unless there are fewer of them.
    if len(found) != lines or any(hour and _hours[hour] is None for hour in hours):  # there is no such hour
        found, odd, hours = [(line,) for line in block[:-1].split(b"\n")], range(lines), set()
    elif b"" in hours:
        odd = list(compress(range(lines), map(not_, map(hour_of, found))))
        hours.discard(b"")
    unreadable = []
    for place in odd:
        line = found[place][-1]
        raw = _read(line)
        found[place] = raw and pieces_of(raw)
        if raw is not None:
            hours.add(raw[HOUR])
        elif line.strip(b" \r"):
            unreadable.append((place, line))
    return Rows(list(filter(None, found)) if odd else found, hours, lines, unreadable)


@lru_cache(maxsize=16)
def _finder(wanted: tuple[int, ...]) -> tuple[Callable[..., Any], ...]:
    """What finds the wanted pieces of plain lines, and all of any other; and what takes hour and pieces out."""
    plain = b"".join(
        before + (b"(" + piece + b")" if number in wanted else piece) for number, (before, piece) in _IN_MANY.items()
    )
    find = re.compile(plain + rb"\n|([^\n]*+)\n").findall
    return find, itemgetter(wanted.index(HOUR)), itemgetter(*wanted)


def _read(line: bytes) -> Raw | None:
    """The pieces of a line, or None."""
    raw = _PLAIN(line) or _PLAIN_AND_SHORT(line) or _split_with_care(line)
    return None if raw is None or _hours[raw[HOUR]] is None else raw


def _times(raws: Sequence[Raw]) -> list[int]:
    hours = map(_hours.__getitem__, map(_hour_of, raws))
    return list(map(add, hours, map(_SECONDS.__getitem__, map(_second_of, raws))))


def _split_with_care(line: bytes) -> Raw | None:
    """The same for the lines that are out of the ordinary."""
    line = line.rstrip(b" \r")
    head = _HEADS[0].match(line) or _HEADS[1].match(line)
    if head is None:
        return None
    owner, bucket, stamp, offset, *names = head.groups()
    hour_and_second = _in_utc(stamp, offset)
    for pattern in _URIS:
        if uri := pattern.match(line, head.end()):
            break
    else:
        return None

    # No field after the user agent holds a quote, so the last quote of the line ends the quoted fields.
    end = max(line.rfind(b'"', uri.end()) + 1, uri.end())
    texts = _TEXTS.fullmatch(line, uri.end(), end)
    if texts is None:  # the user agent is a bare dash
        end = line.find(b" -", end) + 2
        texts = _TEXTS.fullmatch(line, uri.end(), end)
    if texts is None or hour_and_second is None or line[end : end + 1] not in (b"", b" "):
        return None
    rest: list[bytes | None] = [*line[end + 1 :].split(b" ", 2)] if end < len(line) else []
    rest += [None] * (3 - len(rest))
    return [line, owner, bucket, *hour_and_second, *names, uri[1] or None, *uri.groups()[1:], *texts.groups(), *rest]


def _in_utc(stamp: bytes, offset: bytes) -> tuple[bytes, bytes] | None:
    """The pieces HOUR and SECOND of b"[20/Oct/2022:10:49:42" and b"+0200]"; None when there is no such time."""
    hour, second = stamp[1:15], stamp[15:]
    if second not in _SECONDS or re.fullmatch(rb"[+-]\d{4}\]", offset) is None or _hours[hour] is None:
        return None
    ahead = (int(offset[1:3]) * 60 + int(offset[3:5])) * (-60 if offset[:1] == b"-" else 60)
    if not ahead:
        return hour, second
    when = datetime.fromtimestamp(_hours[hour] + _SECONDS[second] - ahead, UTC)
    name = _MONTHS[when.month - 1]
    return b"%02d/%b/%d:%02d" % (when.day, name, when.year, when.hour), b":%02d:%02d" % (when.minute, when.second)


# Month names are English, whatever the locale.
YEARS = range(1971, 9999)  # what every time zone can show; S3 itself began in 2006
_MONTHS = b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_SECONDS = {b":%02d:%02d" % divmod(second, 60): second for second in range(3600)}


def _epoch_of(hour: bytes) -> int | None:
    """Seconds since the epoch at the beginning of b"20/Oct/2022:08"; None when there is no such hour."""
    match = re.fullmatch(rb"(\d\d)/([A-Z][a-z]{2})/(\d{4}):(\d\d)", hour)
    try:
        if match is not None:
            year, month = int(match[3]), _MONTHS.index(match[2]) + 1
            if year not in YEARS:
                return None
            return timegm(datetime(year, month, int(match[1]), int(match[4]), tzinfo=UTC).timetuple())
    except ValueError:
        pass
    return None


_hours = Cache(_epoch_of)
_hour_of, _second_of = itemgetter(HOUR), itemgetter(SECOND)


def text(piece: bytes | None) -> str | None:
    """A field's text: None for `-`; bytes that are not UTF-8 become U+FFFD."""
    return None if piece is None or piece == b"-" else piece.decode("utf-8", "replace")


def number(piece: bytes | None) -> int | None:
    """A field's number: None for `-`."""
    return None if piece is None or piece == b"-" else int(piece)


def _texts(piece: int) -> Callable[[Raw], str | None]:
    return lambda raw: text(raw[piece])


def _numbers(piece: int) -> Callable[[Raw], int | None]:
    return lambda raw: number(raw[piece])


def _request_uri(raw: Raw) -> str | None:
    quoted = raw[REQUEST_URI]
    return None if quoted is None else text(quoted[1:-1])


@lru_cache(maxsize=4096)
def _fields_of_rest(rest: bytes | None) -> tuple[str | None, ...]:
    """What follows the host id: the second half of it, seen once in the wild, and the documented fields."""
    tokens = (rest or b"").split()
    # The signature version after the host id is what has a known form.
    is_split = len(tokens) > 1 and not _is_signature_version(tokens[0]) and _is_signature_version(tokens[1])
    half = text(tokens.pop(0)) if is_split else None
    fields = [text(token) for token in tokens[: len(_IN_REST)]]
    return half, *fields, *[None] * (len(_IN_REST) - len(fields))


def _is_signature_version(token: bytes) -> bool:
    return token == b"-" or token.startswith(b"Sig")


def _host_id(raw: Raw) -> str | None:
    half = _fields_of_rest(raw[REST])[0]
    return text(raw[HOST_ID]) if half is None else f"{text(raw[HOST_ID])} {half}"


def _of_rest(index: int) -> Callable[[Raw], str | None]:
    return lambda raw: _fields_of_rest(raw[REST])[index]


_FIELDS: dict[str, Callable[[Raw], Any]] = {
    "bucket_owner": _texts(OWNER),
    "bucket": _texts(BUCKET),
    "time": lambda raw: _times([raw])[0],
    "remote_ip": _texts(REMOTE_IP),
    "requester": _texts(REQUESTER),
    "request_id": _texts(REQUEST_ID),
    "operation": _texts(OPERATION),
    "key": _texts(KEY),
    "request_uri": _request_uri,
    "http_status": _numbers(STATUS),
    "error_code": _texts(ERROR),
    "bytes_sent": _numbers(BYTES_SENT),
    "object_size": _numbers(OBJECT_SIZE),
    "total_time": _numbers(TOTAL_TIME),
    "turn_around_time": _numbers(TURN_AROUND_TIME),
    "referrer": _texts(REFERRER),
    "user_agent": _texts(USER_AGENT),
    "version_id": _texts(VERSION_ID),
    "host_id": _host_id,
    **{name: _of_rest(index) for index, name in enumerate(_IN_REST, 1)},
}

S3_ACCESS = Format(
    title="S3 server access log",
    split=split,
    rows=rows,
    moment=(HOUR, SECOND),
    hours=_hours,
    seconds=_SECONDS,
    fields=_FIELDS,
    pieces={
        "bucket": BUCKET, "remote_ip": REMOTE_IP, "requester": REQUESTER, "request_id": REQUEST_ID,
        "operation": OPERATION, "key": KEY, "http_status": STATUS, "total_time": TOTAL_TIME, "referrer": REFERRER,
        "user_agent": USER_AGENT, **dict.fromkeys(_IN_REST, REST),
    },
    blank=[b"", *[None] * OWNER, None, b"01/Jan/2000:00", b":00:00", *[None] * (REST - SECOND)],
)  # fmt: skip
