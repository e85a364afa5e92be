"""
What a part of a log file added to the tally, compactly: JSON by site, day, dimension and value, compressed.

Most of it is the same in every file, so it is compressed with a preset dictionary: a file with one view takes about 60 bytes.
The first byte is the number of the dictionary, so that it can change.
"""

import json
import zlib
from collections import defaultdict
from json.encoder import encode_basestring as quoted
from typing import Any

from ..records import Tally

VERSION = b"\x01"
SMALLEST, QUICKEST = 9, 1  # zlib's levels: for stores where each kilobyte costs money, and for others
Nested = dict[str, dict[str, dict[str, dict[str, int]]]]
"""By site, day, dimension and value."""

# Never change it: stored data was compressed with it. The most common pieces are at the end, where they cost least.
_TEXT = (
    b'"SchemaVersion","#files","sha256:","index.html","favicon.ico","robots.txt","wp-login.php","xmlrpc.php",".php","(other)"'
    b'"missing":{"not_found":{"apple-touch-icon.png":1,".env":1,"wp-admin/","wp-content/","wp-includes/","feed.xml":1,'
    b'"bot":{"GPTBot":1,"ClaudeBot":1,"PerplexityBot":1,"CCBot":1,"Bytespider":1,"Amazonbot":1,"AhrefsBot":1,"SemrushBot":1,'
    b'"YandexBot":1,"Applebot":1,"facebookexternalhit":1,"DotBot":1,"MJ12bot":1,"bingbot":1,"Googlebot":1,"(no user agent)":1}'
    b'"duckduckgo.com":1,"bing.com":1,"news.ycombinator.com":1,"github.com":1,"reddit.com":1,"t.co":1,"google.com":1,'
    b'"(unknown)":1,"(internal)":2,"blog/articles/2026-11-","blog/2026/","posts/","docs/","about":1,"/":1,'
    b'"status":{"304":1,"200":1,"404":1,"403":1,"301":1,"302":1,"206":1,"500":1},"browser":{"Opera":1,"Samsung Internet":1,'
    b'"Edge":1,"Firefox":1,"Safari":1,"Chrome":1},"system":{"Chrome OS":1,"Android":1,"iOS":1,"Linux":1,"Mac OS X":1,'
    b'"Windows":1},"01":1,"02":1,"03":1,"04":1,"05":1,"06":1,"07":1,"08":1,"09":1,"10":1,"11":1,"12":1,"13":1,"14":1,"15":1,'
    b'"16":1,"17":1,"18":1,"19":1,"20":1,"21":1,"22":1,"23":1},"excluded":{"N":"1"},"failed":{"N":"1"},"redirect":{"N":"1"},'
    b'"other site":{"N":"1"},"signed":{"N":"1"},"not a read":{"N":"1"},"partial":{"N":"1"},"not found":{"N":"1"},'
    b'"bot":{"N":"1"},"not a page":{"N":"1"},"duplicate":{"N":"0"}}}},[["#files#2026-1",'
    b'"2026-11-","-00-00-00-","#files#2026-11","2026-11-2",{"Part":{"N":"0"},"Size":{"N":"1"},"FirstTime":{"N":"17"},"LastTime":{"N":"17"},"IngestedAt":{"N":"17"},'
    b'"Lines":{"N":"1"},"Views":{"N":"1"},"Unreadable":{"N":"0"},"Group":{"N":"1"},"IsLast":{"BOOL":true},"Rules":{"S":"'
    b'"},"SHA256":{"S":"","CountedBy":{"S":""},"Dropped":{"M":{"duplicate":{"N":"0"}}}},{"www.example.org":{"2027-0'
    b'":{"2026-1":{"2026-11-2":{"page":{"blog/":1},"hour":{"1":1},"referrer":{"(internal)":1,"google.com":1,"(direct)":1},'
    b'"browser":{"Firefox":1},"browser":{"Safari":1},"browser":{"Chrome":1},"system":{"Android":1},"system":{"iOS":1},'
    b'"system":{"Windows":1},"status":{"200":1}}}}'
)


_QUICK = zlib.compressobj(QUICKEST, zlib.DEFLATED, -13, 3, zdict=_TEXT)
# Sorted, so that the same counts give the same bytes, whatever their order.
_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False, sort_keys=True).encode


def encode(tally: Tally, level: int = SMALLEST) -> bytes:
    """A tally in few bytes; with QUICKEST, in a third of the time and a few more bytes."""
    return _compress(_tally_json(tally), level)


def decode(content: bytes) -> Tally:
    """
    The tally that was encoded.

    >>> decode(encode({("a.example", "page", "2026-11-22", "/"): 2}))
    {('a.example', 'page', '2026-11-22', '/'): 2}
    """
    return tally_of(decompress(content))


def nested(tally: Tally) -> Nested:
    """A tally, by site, day, dimension and value."""
    found: dict[str, Any] = defaultdict(lambda: defaultdict(lambda: defaultdict(dict)))
    for (site, dimension, day, value), times in tally.items():
        found[site][day][dimension][value] = times
    return found


def tally_of(content: Nested) -> Tally:
    """The tally again."""
    return {
        (site, dimension, day, value): times
        for site, days in content.items()
        for day, dimensions in days.items()
        for dimension, values in dimensions.items()
        for value, times in values.items()
    }


def compress(content: Any) -> bytes:
    """A JSON value in few bytes."""
    return _compress(_to_json(content), SMALLEST)


def _compress(text: str, level: int) -> bytes:
    # Copying a small zlib state that already has _TEXT is the fastest way to get one.
    deflate = _QUICK.copy() if level == QUICKEST else zlib.compressobj(level, zlib.DEFLATED, -15, 9, zdict=_TEXT)
    return VERSION + deflate.compress(text.encode()) + deflate.flush()


def _tally_json(tally: Tally) -> str:
    """The result of _to_json for a nested tally, in a fifth of the time: each small file has one."""
    pieces: list[str] = []
    last_site = last_day = last_dimension = ""
    rows = [(site, day, dimension, value, times) for (site, dimension, day, value), times in tally.items()]
    for site, day, dimension, value, times in sorted(rows):
        if not pieces:
            pieces.append(f"{{{quoted(site)}:{{{quoted(day)}:{{{quoted(dimension)}:{{")
        elif site != last_site:
            pieces.append(f"}}}}}},{quoted(site)}:{{{quoted(day)}:{{{quoted(dimension)}:{{")
        elif day != last_day:
            pieces.append(f"}}}},{quoted(day)}:{{{quoted(dimension)}:{{")
        elif dimension != last_dimension:
            pieces.append(f"}},{quoted(dimension)}:{{")
        else:
            pieces.append(",")
        last_site, last_day, last_dimension = site, day, dimension
        pieces.append(f"{quoted(value)}:{times}")
    return "".join(pieces) + "}}}}" if pieces else "{}"


def decompress(content: bytes) -> Any:
    """What was compressed."""
    return json.loads(zlib.decompressobj(-15, zdict=_TEXT).decompress(content[len(VERSION) :]))
