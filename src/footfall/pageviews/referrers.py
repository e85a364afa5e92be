"""Where a reader came from: the host of the referrer."""

import re
from urllib.parse import unquote

from .pages import cut

DIRECT = "(direct)"
INTERNAL = "(internal)"
UNKNOWN = "(unknown)"

# The host of a URL with any scheme (`https://`, `android-app://`) or none, without user and port. A text without `//` has no
# user: `mailto:a@example.org` has no host that anyone came from.
_host = re.compile(
    r"(?:(?:[a-z][a-z0-9+.-]*:)?//(?:[^/?#@]*@)?)?(\[[0-9a-f:.]+(?:%[^\]/?#]*)?\]|[\w.-]+\.[\w-]+|localhost)\.?(?::\d*)?(?=[/?#]|$)"
)
_QUERY = re.compile(r"[?#]")  # or fragment
LOOKED_AT = 2048  # characters
LONGEST_HOST = 253  # bytes of a domain name: RFC 1035


def referrer_host(referrer: str | None, own_hosts: frozenset[str] | set[str]) -> str:
    """
    The referrer's host in lower case without `www.`; own hosts, given in that form, as `(internal)`.

    None and "" become `(direct)`, text without a host `(unknown)`.

    >>> referrer_host("https://www.google.com/search?q=a", frozenset())
    'google.com'
    """
    if not referrer:
        return DIRECT
    host, _ = _host_and_rest(referrer)
    if not host:
        return UNKNOWN
    return INTERNAL if host in own_hosts else cut(host, LONGEST_HOST)


def address_of(referrer: str, hosts: tuple[str, ...], own_hosts: frozenset[str]) -> tuple[str, str]:
    """
    A referrer's host, `(internal)` or "", and its path without query: decoded if it is internal, else as sent.

    >>> address_of("https://www.news.example/a%20b?c#d", ("a.example",), frozenset())
    ('news.example', '/a%20b')
    """
    host, rest = _host_and_rest(referrer)
    path = _QUERY.split(rest)[0]
    is_own = host in own_hosts or host in map(bare_host, hosts)
    return (INTERNAL, unquote(path)) if is_own else (cut(host, LONGEST_HOST), path)


def _host_and_rest(referrer: str) -> tuple[str, str]:
    """The host in a text, in the form of `bare_host`, and what follows it; both are "" if there is none."""
    text = referrer[:LOOKED_AT].strip()
    match = _host.match(text.lower())
    return (bare_host(match[1]), text[match.end() :]) if match else ("", "")


def bare_host(host: str | None) -> str:
    """
    A host name as reports show it: lower case, without port and `www.`; an IPv6 address in brackets.

    >>> bare_host("WWW.example.org:8080"), bare_host("[2001:db8::1]:8080"), bare_host("2001:db8::1")
    ('example.org', '[2001:db8::1]', '[2001:db8::1]')
    """
    name = (host or "").lower()
    if name.startswith("["):
        return name.partition("]")[0] + "]"
    if name.count(":") > 1:  # a host and port have only one
        return f"[{name}]"
    return name.partition(":")[0].rstrip(".").removeprefix("www.")
