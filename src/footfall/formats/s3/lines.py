"""
How S3 writes a server access log record: 17 to 27 fields, and whatever AWS appends later.

    owner bucket [20/Oct/2022:08:49:42 +0000] ip requester id WEBSITE.GET.OBJECT blog/index.html "GET /blog/ HTTP/1.1"
    200 - 21653 21653 100 99 "http://referrer/" "Mozilla/5.0 ..." - host= - - - www.example.com - - -

Text from clients is between S3's quotes *unescaped*. So one pattern reads the lines without other quotes, which are nearly
all: IN_MANY for many lines at once, `_PLAIN` for one. The others are read by what surrounds the quotes, in `_split_with_care`.
The fields: https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html
"""

import re

from ..rows import Pieces
from ..steps import (
    DIGITS,
    END_OF_LINE,
    OR_DASH,
    WITH_AFTER,
    WITH_BEFORE,
    clock,
    exactly,
    lacks,
    literal,
    made_of,
    not_after,
    not_before,
    numbers,
    same,
    to_the_end,
    until,
    words,
)
from ..times import ANOTHER, ANOTHER_BEGINS, HOURS, in_utc

# A line's pieces, which are bytes; None if absent, as for a bare `-` in place of quotes. The first is the line. Everything
# after the host id seldom differs and stays one piece. CDN_AGENT repeats the user agent if it is CloudFront's: so outcomes
# depend on pieces with few values, and not on user agents, which have many.
(
    LINE, OWNER, BUCKET, HOUR, SECOND, REMOTE_IP, REQUESTER, REQUEST_ID, OPERATION, KEY, REQUEST_URI, STATUS, ERROR,
    BYTES_SENT, OBJECT_SIZE, TOTAL_TIME, TURN_AROUND_TIME, REFERRER, CDN_AGENT, USER_AGENT, VERSION_ID, HOST_ID, REST,
) = range(23)  # fmt: skip

CLOUDFRONT = b"Amazon CloudFront"  # the user agent of its own requests
_TIME = rb"\[([^ \]:]++:\d\d)(:[0-5]\d:[0-5]\d) \+0000\]"
_URI = rb'"[^ ]++ [^ ]*+ HTTP/[\d.]++"'
# Status, error code, and four numbers of at most 18 digits: larger ones do not fit into SQLite, and are not plausible.
_NUMBER = rb" (\d{1,18}+|-)"
_ANSWER = rb"(\d{3}|-) ([^ ]++)" + _NUMBER * 4
# `[^ ]*+` costs a nanosecond per byte, while `\S` and `.*?` cost five: this is the hot path.
_CDN_AGENT = rb"(?:" + CLOUDFRONT + rb'(?="))?+'
_UP_TO_AGENT = (
    rb"([^ ]++) ([^ ]++) " + _TIME + rb" ([^ ]++) ([^ ]++) ([^ ]++) ([^ ]++) ([^ ]++) "
    rb"(?:(" + _URI + rb')|"-"|-) ' + _ANSWER + rb' (?:"([^"]*+)"|-) '
    rb'(?:"(?=(' + _CDN_AGENT + rb'))([^"]*+)"|-)(?=[^"]*+\Z)'
)
_PLAIN = re.compile(_UP_TO_AGENT + rb" ([^ ]++) ([^ ]++) ((?!.*\[\d\d/)[^ ].*)(?<!\r)", re.DOTALL).fullmatch
_PLAIN_AND_SHORT = re.compile(_UP_TO_AGENT + rb"(?: ([^ ]++)(?: ([^ ]++)()?)?)? ?(?<!\r)").fullmatch

# The same for many lines at once: what comes before each piece, and the piece. All three texts are in quotes, and contain none.
# Lines with longer pieces are read with care: see BlockSplitter. REST is searched for second records afterwards, for all lines
# together.
_WORD = rb"[^ ]{1,256}+"
IN_MANY = {
    OWNER: (b"", _WORD),
    BUCKET: (b" ", _WORD),
    HOUR: (rb" \[", rb"[^:]{1,11}+:[^:]{1,2}+"),  # each is looked up
    SECOND: (b"", rb":[0-5]\d:[0-5]\d"),
    REMOTE_IP: (rb" \+0000\] ", _WORD),
    **dict.fromkeys((REQUESTER, REQUEST_ID, OPERATION), (b" ", _WORD)),
    KEY: (b" ", rb"[^ ]{1,1024}+"),
    REQUEST_URI: (b" ", rb'"[^"]{0,1024}+"'),
    STATUS: (b" ", rb"(?:\d{3}|-)"),
    ERROR: (b" ", rb'[^ "]{1,128}+'),
    **dict.fromkeys((BYTES_SENT, OBJECT_SIZE, TOTAL_TIME, TURN_AROUND_TIME), (b" ", rb"(?:\d{1,18}+|-)")),
    REFERRER: (rb' "', rb'[^"]{0,1024}+'),
    CDN_AGENT: (rb'" "(?=', _CDN_AGENT),
    USER_AGENT: (rb")", rb'[^"]{0,1024}+'),
    VERSION_ID: (rb'"(?!.*") ', rb"(?:-(?= )|[^ \n\[]++)"),
    HOST_ID: (rb" (?!\n)", rb"[^ \[]{1,256}+"),  # a bracket would be of a second record's time
    REST: (b" ", rb"[^ \n][^\n]*+(?<!\r)"),
}

# And for the compiled reader, which sees one line at a time. The second form is that of older lines, the third that of
# operations without a request: a batch delete, a lifecycle rule.
_UP_TO_KEY = [
    *words(OWNER), until(b" ", BUCKET), literal(b" ["), exactly(14, HOUR), clock(SECOND), literal(b" +0000] "),
    *words(REMOTE_IP, REQUESTER, REQUEST_ID, OPERATION, KEY),
]  # fmt: skip
_QUOTED_URI = [literal(b'"'), until(b'"', REQUEST_URI, least=0, flags=WITH_BEFORE | WITH_AFTER), literal(b'" ')]
_NUMBERS = [
    made_of(DIGITS, STATUS, 3, 3, OR_DASH), literal(b" "), until(b' "', ERROR), literal(b" "),
    *numbers(BYTES_SENT, OBJECT_SIZE, TOTAL_TIME, TURN_AROUND_TIME),
]  # fmt: skip
_QUOTED_TEXTS = [
    literal(b'"'), until(b'"', REFERRER, least=0), literal(b'" "'), same(CLOUDFRONT, b'"', CDN_AGENT),
    until(b'"', USER_AGENT, least=0), literal(b'"'),
]  # fmt: skip
_VERSION_ID = [lacks(b'"['), literal(b" "), until(b" ", VERSION_ID)]
_TO_THE_END = [
    *_VERSION_ID, literal(b" "), *words(HOST_ID),
    not_before(b" "), to_the_end(REST), not_after(b"\r"), END_OF_LINE,
]  # fmt: skip
WAYS = [
    [*_UP_TO_KEY, *_QUOTED_URI, *_NUMBERS, *_QUOTED_TEXTS, *_TO_THE_END],
    [*_UP_TO_KEY, *_QUOTED_URI, *_NUMBERS, *_QUOTED_TEXTS, *_VERSION_ID, not_after(b"\r"), END_OF_LINE],
    [*_UP_TO_KEY, literal(b"- "), *_NUMBERS, literal(b"- -"), *_TO_THE_END],
]

# A record has more than 39 bytes, 28 of them its time, and at least 18 words, of which the time is the third and fourth.
NO_RECORD = rb"(?:[^\n]{0,39}+(?=\n)|(?![^ \n]++ [^ \n]++ \[(?:[^ \n]*+ ){15})[^\n]*+)"

_HEAD = rb"([^ ]+) ([^ ]+) (\[[^ \]]+) ([^ \]]+\]) ([^ ]+) "
# A requester may contain blanks (`arn:...:user/CloudFront Origin Access Identity E1`): then the operation's form decides.
_HEADS = (
    re.compile(_HEAD + rb'([^ ].*?) ([^ ]+) ((?:REST|WEBSITE|SOAP|BATCH|S3)\.[^ ]+) ([^ ]+) (?=["-])'),
    re.compile(_HEAD + rb'([^ ]+) ([^ ]+) ([^ ]+) ([^ ]+) (?=["-])'),
)
# A well-formed target has no raw blank, so if the second pattern matches, it is right; the last is the next best.
_URIS = (
    re.compile(rb'(?:"-"|-)() ' + _ANSWER + rb' (?=["-])'),
    re.compile(rb'("[^ ]+ [^ ]* HTTP/[\d.]+") ' + _ANSWER + rb' (?=["-])'),
    re.compile(rb'(".*?") ' + _ANSWER + rb' (?=["-])'),
)
# If a client forges `" "` in its referrer, the referrer ends there: only it and the user agent can be wrong.
_TEXTS = re.compile(rb'(?:-|"(.*?)") (?:-|"(.*)")')


def split_line(line: bytes) -> Pieces | None:
    """All pieces of a line without its newline, or None if it is not a record."""
    pieces = _PLAIN(line) or _PLAIN_AND_SHORT(line) or _split_with_care(line)
    return None if pieces is None or HOURS[pieces[HOUR]] is None else pieces


def _split_with_care(line: bytes) -> Pieces | None:
    """The same for unusual lines."""
    line = line.rstrip(b" \r")
    head = _HEADS[0].match(line) or _HEADS[1].match(line)
    if head is None:
        return None
    owner, bucket, stamp, offset, *names = head.groups()
    hour_and_second = in_utc(stamp, offset)
    for pattern in _URIS:
        if uri := pattern.match(line, head.end()):
            break
    else:
        return None

    # No field after the user agent contains quotes, so the line's last quote ends the quoted fields.
    end = max(line.rfind(b'"', uri.end()) + 1, uri.end())
    texts = _TEXTS.fullmatch(line, uri.end(), end)
    if texts is None:  # the user agent is a bare dash
        end = line.find(b" -", end) + 2
        texts = _TEXTS.fullmatch(line, uri.end(), end)
    if texts is None or hour_and_second is None or line[end : end + 1] not in (b"", b" "):
        return None
    if ANOTHER(line, head.start(5)) or ANOTHER_BEGINS(line, end):  # two records in one line: either would hide the other
        return None
    rest: list[bytes | None] = [*line[end + 1 :].split(b" ", 2)] if end < len(line) else []
    rest += [None] * (3 - len(rest))
    referrer, user_agent = texts.groups()
    cdn_agent = user_agent if user_agent == CLOUDFRONT else None
    pieces = [line, owner, bucket, *hour_and_second, *names, uri[1] or None, *uri.groups()[1:], referrer, cdn_agent, user_agent]
    return pieces + rest
