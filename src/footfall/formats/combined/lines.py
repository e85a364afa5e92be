r"""
How Apache, nginx and others write an access log: NCSA's common log, and the combined one, which has two more texts.

    [vhost[:port] ]host ident user [20/Oct/2022:10:49:42 +0200] "GET /blog/ HTTP/1.1" 200 2326[ "referrer" "user agent"[ ...]]

Text from clients is *escaped* within quotes: Apache writes `\"`, `\\`, `\n` and `\xhh`, nginx always `\xHH`. So
IN_MANY finds the pieces of many plain lines at once. `split_line` reads the rest with care: user names with spaces, malformed
requests, strings without quotes, and quotes that a server was told not to escape.
"""

import re
from collections.abc import Sequence
from string import ascii_uppercase

from ..steps import (
    ANY_BYTE,
    DIGITS,
    END_OF_LINE,
    OR_DASH,
    WITH_BEFORE,
    ahead,
    clock,
    empty,
    exactly,
    literal,
    made_of,
    not_after,
    not_before,
    same,
    until,
)
from ..targets import split_target
from ..times import ANOTHER, ANOTHER_BEGINS, HOURS_WITH_OFFSET

# A line's pieces; empty if absent. Referrer and user agent keep their opening quote, to tell empty text from absent text. TEXTS
# is not empty if the line has these two, and CDN_AGENT repeats the user agent if it is CloudFront's: so outcomes depend on
# pieces with few values, and not on referrers and user agents, which have many. ORIGIN is the target except path and query,
# see Target; for a malformed request, it is all of it.
(
    VHOST, REMOTE_HOST, IDENT, USER, HOUR, SECOND, OFFSET, METHOD, ORIGIN, PATH, QUERY, PROTOCOL, STATUS, BYTES, TEXTS,
    REFERRER, CDN_AGENT, USER_AGENT,
) = range(18)  # fmt: skip

CLOUDFRONT = b"Amazon CloudFront"  # the user agent of its own requests

# Many plain lines at once, see BlockSplitter. A text ends with the first quote that does not follow a backslash. The host must
# not match across lines, or a line cut off within it would be joined with the next one. Names must not have brackets, since a
# bracket is the time of a second record, after a first that was cut off.
IN_MANY = {
    VHOST: (rb"(?:", rb"[^ \[]{1,256}+(?<!,)"),
    REMOTE_HOST: (rb" (?=[^ ]{1,256}+ - [^\[]))?+", rb"[^ \n\[]++(?<!,)"),
    IDENT: (b" ", rb"[^ \[]{1,128}+(?<!,)"),
    USER: (b" ", rb"[^ \[]{1,128}+"),
    HOUR: (rb" \[", rb"[^:]{1,11}+:[^:]{1,2}+"),  # each is looked up
    SECOND: (b"", rb":[0-5]\d:[0-5]\d"),
    OFFSET: (b" ", rb"[+-]\d{4}"),
    METHOD: (rb'\] "', rb"[A-Z]++"),
    ORIGIN: (b" ", b""),
    PATH: (b"", rb"/[^ ?]{0,1024}+"),
    QUERY: (b"", rb"(?:\?[^ ]{0,1024}+)?+"),
    PROTOCOL: (b" ", rb'HTTP/[^ "]{1,16}+'),
    STATUS: (b'" ', rb"(?:\d{3}|-)"),
    BYTES: (b" ", rb"(?:\d{1,18}+|-)"),
    TEXTS: (b"(?:", b" "),
    REFERRER: (b"", rb'"[^"]{0,1024}+'),
    CDN_AGENT: (rb'(?<!\\)" (?="', b"(?:" + CLOUDFRONT + b'(?="))?+'),
    USER_AGENT: (b")", rb'"[^"]{0,1024}+'),
}
END_IN_MANY = rb'(?<!\\)"(?: [^\n\[]*+)?+|)'  # a bracket would be of a second record

# And for the compiled reader, which sees one line at a time.
_NAMES = [
    empty(VHOST), until(b" [", REMOTE_HOST), not_after(b","), literal(b" "),
    until(b" [", IDENT), not_after(b","), literal(b" "),
]  # fmt: skip
_NAMES_WITH_VHOST = [
    until(b" [", VHOST), not_after(b","), literal(b" "), until(b" [", REMOTE_HOST), not_after(b","), literal(b" "),
    made_of(b"-", IDENT, 1, 1), literal(b" "), not_before(b"["),
]  # fmt: skip
_UP_TO_BYTES = [
    until(b" [", USER), literal(b" ["), exactly(14, HOUR), clock(SECOND), literal(b" "), exactly(5, OFFSET), literal(b'] "'),
    made_of(ascii_uppercase.encode(), METHOD), literal(b" "), empty(ORIGIN), ahead(b"/"), until(b' ?"', PATH),
    until(b' "', QUERY, least=0), literal(b" "), ahead(b"HTTP/"), until(b' "', PROTOCOL, least=len("HTTP/1")), literal(b'" '),
    made_of(DIGITS, STATUS, 3, 3, OR_DASH), literal(b" "), made_of(DIGITS, BYTES, most=18, flags=OR_DASH),
]  # fmt: skip
_TEXTS_AND_MORE = [
    made_of(b" ", TEXTS, 1, 1), literal(b'"'), until(b'"', REFERRER, least=0, flags=WITH_BEFORE), not_after(b"\\"),
    literal(b'" "'), same(CLOUDFRONT, b'"', CDN_AGENT), until(b'"', USER_AGENT, least=0, flags=WITH_BEFORE), not_after(b"\\"),
    literal(b'"'), not_before(ANY_BYTE.replace(b" ", b"")), until(b"[", least=0), END_OF_LINE,
]  # fmt: skip
_NO_TEXTS = [*map(empty, (TEXTS, REFERRER, CDN_AGENT, USER_AGENT)), END_OF_LINE]
WAYS = [
    [*names, *_UP_TO_BYTES, *rest] for rest in (_TEXTS_AND_MORE, _NO_TEXTS) for names in (_NAMES, _NAMES_WITH_VHOST)
]  # fmt: skip

# `h i u [20/Oct/2022:10:49:42 +0200] - - -` has 40 bytes; status and bytes follow the first closing bracket.
NO_RECORD = rb"(?:[^\n]{0,39}+(?=\n)|(?![^]\n]*+\][^\n]*? (?:\d{3}|-) (?:\d{1,18}+|-)(?:[ \r\n]))[^\n]*+)"

_HEAD = re.compile(rb"(.*?) \[([^ :\]]{11}:\d\d)(:[0-5]\d:[0-5]\d) ([+-]\d{4})\] ", re.DOTALL).match
_STATUS_AND_BYTES = rb" (\d{3}|-) (\d{1,18}|-)(?= |\Z)"
_ESCAPED = rb'[^"\\]*+(?:\\.[^"\\]*+)*+'
# The same for unescaped quotes. A quote ends a text if it is followed by what must follow the text.
_REQUEST_WITH_QUOTES = rb'(?:[^"\\]++|\\.|"(?!' + _STATUS_AND_BYTES.replace(b"(", b"(?:", 2) + rb"))*+"
_REFERRER_WITH_QUOTES = rb'(?:[^"\\]++|\\.|"(?! ["-]))*+'
_AGENT_WITH_QUOTES = rb'(?:[^"\\]++|\\.|"(?! ")(?=[^"]*"))*+'


def _patterns(request: bytes, referrer: bytes, agent: bytes) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    return (
        re.compile(rb'(?:"(' + request + rb')"|(-))' + _STATUS_AND_BYTES, re.DOTALL),
        re.compile(rb'( )(?:("' + referrer + rb')"|-) (?:("' + agent + rb')"|-)(?= |\Z)', re.DOTALL),
    )


_AFTER_THE_TIME = (
    _patterns(_ESCAPED, _ESCAPED, _ESCAPED),
    _patterns(_REQUEST_WITH_QUOTES, _REFERRER_WITH_QUOTES, _AGENT_WITH_QUOTES),
)
_ESCAPED_TEXTS = _AFTER_THE_TIME[0][1]
_REQUEST = re.compile(rb"([A-Za-z][A-Za-z_-]*) (.*?)(?: (HTTP/[^ ]+|[A-Z]+/\d\.\d))?", re.DOTALL).fullmatch
_ADDRESS = re.compile(rb"\d+\.\d+\.\d+\.\d+|(?=[^:]*:[^:]*:)[0-9a-fA-F:.]+").fullmatch


def split_line(line: bytes) -> Sequence[bytes] | None:
    """All pieces of a line without its newline, or None if it is not a record."""
    line = line.rstrip(b" \r")
    head = _HEAD(line)
    names = head and _split_names(head[1].split(b" "))
    if not head or not names or HOURS_WITH_OFFSET[head[2], head[4]] is None or ANOTHER_BEGINS(head[1]):
        return None
    for request, texts in _AFTER_THE_TIME:
        asked = request.match(line, head.end())
        if asked is None:
            continue
        found = texts.match(line, asked.end())
        # A common line may have more at its end, but nothing in quotes: that would be a text that was cut off.
        if found is None and b'"' in line[asked.end() :]:
            continue
        # Two records in one line: either would hide the other. If quotes are escaped, text in quotes may contain anything.
        if ANOTHER(line, found.end() if found and texts is _ESCAPED_TEXTS else head.end()):
            return None
        referrer, user_agent = (found[2] or b"-", found[3] or b"-") if found else (b"", b"")
        cdn_agent = CLOUDFRONT if user_agent == b'"' + CLOUDFRONT else b""
        parts = _split_request(asked[1] if asked[2] is None else asked[2])
        return *names, *head.groups()[1:], *parts, asked[3], asked[4], b" " if found else b"", referrer, cdn_agent, user_agent
    return None


def _split_names(names: list[bytes]) -> tuple[bytes, bytes, bytes, bytes] | None:
    """Virtual host, host, ident and user; None for a list of addresses in place of the host."""
    vhost = names.pop(0) if _begins_with_vhost(names) else b""
    words = [vhost, *names[:2]]
    if len(names) < 3 or not all(words[1:]) or any(word.endswith(b",") for word in words):
        return None
    return vhost, names[0], names[1], b" ".join(names[2:])


def _begins_with_vhost(names: list[bytes]) -> bool:
    """Whether four or more names begin with a virtual host; otherwise the user's name contains blanks."""
    if len(names) < 4:
        return False
    _, second, third, *_ = names
    return third == b"-" or (second != b"-" and _ADDRESS(second) is not None)


def _split_request(request: bytes) -> tuple[bytes, bytes, bytes, bytes, bytes]:
    """Method, origin, path, query and protocol; a malformed request, such as the first bytes of TLS, is all origin."""
    match = _REQUEST(request)
    if match is not None:
        target = split_target(match[2])
        if target.path or match[3]:
            return match[1], *target, match[3] or b""
    return b"", request, b"", b"", b""
