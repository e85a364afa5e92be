"""
What does not count as a page view, and why.

A rule is given the values that it names, and nothing else: fields of the request first, then settings of the owner. So what
its answer depends on is true by construction, and equal values are asked about once.
"""

from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_address
from re import Pattern
from typing import Any, NamedTuple

from ..records import Request
from .agents import bot_name
from .counting import Counting
from .pages import is_page, page_name

SEEN = (200, 304)
REDIRECTS = (301, 302, 307, 308)
MISSING = (403, 404)


class Rule(NamedTuple):
    """One reason to drop a request."""

    reason: str
    reads: tuple[str, ...]
    """The fields of the request whose values it is given."""
    drops: Callable[..., bool]
    settings: tuple[str, ...] = ()
    """What of Counting it is given after these."""
    needs: str = ""
    """The setting without which it never drops anything."""
    is_counted: bool = True
    """Whether the requests that it drops are counted in dimensions; not where nobody visited the site."""
    about: str = ""
    """When it drops a request: the sentence of the reference page."""

    def is_active(self, counting: Counting) -> bool:
        """Whether it can drop anything under these settings."""
        return not self.needs or bool(getattr(counting, self.needs))

    def given(self, counting: Counting) -> Callable[..., bool]:
        """The question with the owner's settings in it; what it reads is left to ask."""
        return counting.given(self.drops, self.settings)


def _is_other_site(hosts: tuple[str, ...], site_names: frozenset[str]) -> bool:
    return bool(hosts) and site_names.isdisjoint(host.lower() for host in hosts)


def _is_no_page(path: str | None, index_documents: tuple[str, ...]) -> bool:
    return path is None or not is_page(path, index_documents)


def _is_excluded_page(path: str | None, excluded: Pattern[str] | None, index_documents: tuple[str, ...]) -> bool:
    return excluded is not None and excluded.match(page_name(path or "", index_documents)) is not None


def _is_excluded_address(remote_ip: str | None, excluded: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    try:
        address = ip_address(remote_ip or "")
    except ValueError:
        return False
    return any(address in network for network in excluded)


ABOUT_EXCLUDED = "The page matches one of `exclude_paths`, or the address lies in one of `exclude_addresses`."

# Asked from the top; the first that says yes names the reason. What many lines share comes first.
# After these, the same record again is dropped as DUPLICATE: by the digest within a file, by the store across files.
DROP_WHEN: tuple[Rule, ...] = (
    Rule(
        "other site", ("hosts",), _is_other_site, ("site_names",), needs="sites", is_counted=False,
        about="Neither bucket nor host header is one of the configured `sites`.",
    ),
    Rule(
        "not a read", ("is_read",), lambda is_read: not is_read, is_counted=False,
        about="The operation is neither `WEBSITE.GET.OBJECT` nor `REST.GET.OBJECT`, compared whole: an upload, a copy, a "
        "HEAD, a batch delete, the lifecycle at work.",
    ),
    Rule(
        "signed", ("is_signed",), lambda is_signed: is_signed, is_counted=False,
        about="The request carried credentials: your own tools, or a CDN that fetches; no visitor.",
    ),
    Rule(
        "redirect", ("status",), lambda status: status in REDIRECTS,
        about="301, 302, 307 or 308. The visitor's next request is the one that counts.",
    ),
    Rule(
        "not found", ("status",), lambda status: status in MISSING,
        about="404 or 403. S3 says 403 for a missing key where listing is not allowed.",
    ),
    Rule("partial", ("status",), lambda status: status == 206, about="206: a piece of a video or of a PDF."),
    Rule("failed", ("status",), lambda status: status not in SEEN, about="Any other status than 200 and 304, or none."),
    Rule(
        "not a page", ("path",), _is_no_page, ("index_documents",),
        about="The key is no index document, does not end in `.html` or `.htm`, and is no folder (`/` at its end): "
        "pictures, style sheets, feeds.",
    ),
    Rule(
        "excluded", ("path",), _is_excluded_page, ("excluded_page", "index_documents"), needs="exclude_paths",
        is_counted=False, about=ABOUT_EXCLUDED,
    ),
    Rule(
        "excluded", ("remote_ip",), _is_excluded_address, ("exclude_addresses",), needs="exclude_addresses",
        is_counted=False, about=ABOUT_EXCLUDED,
    ),
    Rule(
        "bot", ("user_agent",), lambda user_agent, bots: bool(bot_name(user_agent, bots)), ("bots",),
        about="The user agent is absent, on the kept list, or matches one of `bots`.",
    ),
)  # fmt: skip
DUPLICATE = "duplicate"
ABOUT_DUPLICATE = (
    "The same record again: request id, operation, key and time are equal, in this file or in one that was counted before. "
    "A count of duplicates is of views only."
)
REASONS = (*dict.fromkeys(rule.reason for rule in DROP_WHEN), DUPLICATE)
UNCOUNTED = frozenset({DUPLICATE, *(rule.reason for rule in DROP_WHEN if not rule.is_counted)})
"""Requests dropped for these reasons are no visitor's, or the same again: they count in no dimension."""


def drop_reason(request: Request, counting: Counting) -> str:
    """Why `request` is not a page view, or "" when it is one."""
    active = (rule for rule in DROP_WHEN if rule.is_active(counting))
    return next((rule.reason for rule in active if rule.given(counting)(*_values(request, rule))), "")


def _values(request: Request, rule: Rule) -> list[Any]:
    return [getattr(request, name) for name in rule.reads]
