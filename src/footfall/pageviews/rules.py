"""
What does not count as a page view, and why.

A rule gets exactly the values that it declares: first fields of the request, then the owner's settings. So its declared
dependencies are correct by construction, and it is evaluated once for equal values.
"""

from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_address
from re import Pattern
from typing import Any, NamedTuple

from ..records import Request
from .agents import bot_name
from .counting import Counting
from .pages import is_clean_url, is_page, is_page_type, page_name

SEEN = (200, 304)
REDIRECTS = (301, 302, 303, 307, 308)
MISSING = (403, 404)
NOT_A_PAGE = "not a page"


class Rule(NamedTuple):
    """One reason to drop a request."""

    reason: str
    reads: tuple[str, ...]
    """The fields of the request that it gets."""
    drops: Callable[..., bool]
    settings: tuple[str, ...] = ()
    """The settings in Counting that it gets after these."""
    needs: str = ""
    """The setting without which it never drops anything."""
    unless: str = ""
    """The setting with which another row takes over its reason."""
    is_counted: bool = True
    """Whether the requests that it drops are counted in dimensions; not if nobody visited the site."""
    about: str = ""
    """When it drops a request, for the reference page."""

    def is_active(self, counting: Counting) -> bool:
        """Whether it can drop anything under these settings."""
        is_needed = not self.needs or bool(getattr(counting, self.needs))
        return is_needed and not (self.unless and getattr(counting, self.unless))

    def given(self, counting: Counting) -> Callable[..., bool]:
        """The function with the owner's settings applied; the fields that it reads are still to be passed."""
        return counting.given(self.drops, self.settings)


def _is_other_site(hosts: tuple[str, ...], site_names: frozenset[str]) -> bool:
    return bool(hosts) and site_names.isdisjoint(host.lower() for host in hosts)


def _is_route(path: str | None, status: int | None) -> bool:
    """Whether a single-page app may show this page, which does not exist on the server."""
    return status in (200, *MISSING) and path is not None and is_clean_url(path)


def _has_failed(status: int | None, is_error_page: bool) -> bool:
    return status not in SEEN or is_error_page


def _is_no_page(
    path: str | None, status: int | None, content_type: str | None, unlogged: frozenset[str],
    index_documents: tuple[str, ...], clean_urls: bool, single_page_app: bool,
) -> bool:  # fmt: skip
    if path is None:
        return True
    if is_page(path, index_documents) or (single_page_app and _is_route(path, status)):
        return False
    if content_type is not None:
        return not is_page_type(content_type, path)
    # An answer without content has no type, so only the name is left.
    is_clean = clean_urls or (status == 304 and "content_type" not in unlogged)
    return not (is_clean and is_clean_url(path))


def _is_excluded_page(path: str | None, excluded: Pattern[str] | None, index_documents: tuple[str, ...]) -> bool:
    return excluded is not None and excluded.match(page_name(path or "", index_documents)) is not None


def _is_bot(user_agent: str | None, unlogged: frozenset[str], bots: tuple[Pattern[str], ...]) -> bool:
    return "user_agent" not in unlogged and bool(bot_name(user_agent, bots))


def _is_excluded_address(remote_ip: str | None, excluded: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    try:
        address = ip_address(remote_ip or "")
    except ValueError:
        return False
    return any(address in network for network in excluded)


ABOUT_NOT_FOUND = (
    "404 or 403. S3 says 403 for a missing key where listing is not allowed. With `single_page_app`, only names that have an "
    "ending."
)
ABOUT_FAILED = "Any other status than 200 and 304, or none; and a custom error page that CloudFront answered with 200."
ABOUT_EXCLUDED = "The page matches one of `exclude_paths`, or the address is in one of `exclude_addresses`."

# Evaluated from the top; the first rule that applies gives the reason. Those with few distinct inputs come first.
# After these, the same record again is dropped as DUPLICATE: by the digest within a file, by the store across files.
DROP_WHEN: tuple[Rule, ...] = (
    Rule(
        "other site", ("hosts",), _is_other_site, ("site_names",), needs="sites", is_counted=False,
        about="Neither the bucket nor the host header is one of the configured `sites`.",
    ),
    Rule(
        "not a read", ("is_read",), lambda is_read: not is_read, is_counted=False,
        about="The request does not read content: any method but GET, such as HEAD, OPTIONS or an upload; in S3's logs, any "
        "operation but exactly `WEBSITE.GET.OBJECT` or `REST.GET.OBJECT`, such as a copy, a batch delete or a lifecycle rule.",
    ),
    Rule(
        "cdn", ("is_cdn",), lambda is_cdn: is_cdn, is_counted=False,
        about="A fetch by CloudFront, recognized by the user agent `Amazon CloudFront`, its service or its origin access "
        "identity. Your readers are in CloudFront's own logs: see [the log that has your readers](../how-to/cloudfront.md).",
    ),
    Rule(
        "signed", ("is_signed",), lambda is_signed: is_signed, is_counted=False,
        about="The request carried credentials, so it came from your own tools. S3 logs anonymous readers as `-`, and until "
        "about 2011 as AWS's anonymous user, `65a011a29cdf8ec533ec3d1ccaae921c`.",
    ),
    Rule(
        "redirect", ("status",), lambda status: status in REDIRECTS,
        about="301, 302, 303, 307 or 308. The visitor's next request is the one that counts.",
    ),
    Rule("not found", ("status",), lambda status: status in MISSING, unless="single_page_app", about=ABOUT_NOT_FOUND),
    Rule(
        "not found", ("path", "status"), lambda path, status: status in MISSING and not _is_route(path, status),
        needs="single_page_app", about=ABOUT_NOT_FOUND,
    ),
    Rule("partial", ("status",), lambda status: status == 206, about="206: part of a video or a PDF."),
    Rule("failed", ("status", "is_error_page"), _has_failed, unless="single_page_app", about=ABOUT_FAILED),
    Rule(
        "failed", ("path", "status", "is_error_page"),
        lambda path, status, is_error_page: _has_failed(status, is_error_page) and not _is_route(path, status),
        needs="single_page_app", about=ABOUT_FAILED,
    ),
    Rule(
        NOT_A_PAGE, ("path", "status", "content_type", "unlogged"), _is_no_page,
        ("index_documents", "clean_urls", "single_page_app"),
        about="The path is not an index document, does not end in `.html` or `.htm`, and is not a folder (ending in `/`); and "
        "the content type, if the log has it, is not HTML: pictures, style sheets, feeds. In logs without types, `clean_urls` "
        "and `single_page_app` turn names without an extension into pages.",
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
        "bot", ("user_agent", "unlogged"), _is_bot, ("bots",),
        about="The user agent is missing, on the list of known bots, [not a browser's](#bots), or matches one of `bots`. If a "
        "log has no user agents, bots count as people.",
    ),
)  # fmt: skip


class Hint(NamedTuple):
    """A pattern in dropped requests that suggests a missing setting."""

    setting: str
    reason: str
    """The reason of the dropped requests to examine."""
    reads: tuple[str, ...]
    looks_so: Callable[..., bool]
    text: str
    """The hint, shown after the number of requests, if most requests match."""


HINTS: tuple[Hint, ...] = (
    Hint(
        "clean_urls", NOT_A_PAGE, ("path", "status", "unlogged"),
        lambda path, status, unlogged: status in SEEN and "content_type" in unlogged and is_clean_url(path or "."),
        "requests for names without an extension, such as /about, do not count as pages; if they are your pages, set "
        "clean_urls = true and run footfall recount",
    ),
    Hint(
        "single_page_app", "not found", ("path", "status"), lambda path, _: is_clean_url(path or "."),
        "requests for names without an extension, such as /about, found nothing; if they are pages of a single-page app, "
        "set single_page_app = true and run footfall recount",
    ),
)  # fmt: skip
DUPLICATE = "duplicate"
ABOUT_DUPLICATE = (
    "The same record again: request id, operation, key and time are equal to those of another record in this file or in one "
    "counted before. Only duplicates of views are counted."
)
REASONS = (*dict.fromkeys(rule.reason for rule in DROP_WHEN), DUPLICATE)
UNCOUNTED = frozenset({DUPLICATE, *(rule.reason for rule in DROP_WHEN if not rule.is_counted)})
"""Requests dropped for these reasons are not from visitors, or are repeats: they count in no dimension."""


def drop_reason(request: Request, counting: Counting) -> str:
    """Why `request` is not a page view, or "" if it is one."""
    active = (rule for rule in DROP_WHEN if rule.is_active(counting))
    return next((rule.reason for rule in active if rule.given(counting)(*_values(request, rule))), "")


def _values(request: Request, rule: Rule) -> list[Any]:
    return [getattr(request, name) for name in rule.reads]
