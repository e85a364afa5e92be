"""What does not count as a page view, and why."""

from collections.abc import Callable
from ipaddress import ip_address
from typing import NamedTuple

from ..records import Request
from .agents import LOOKED_AT, know_agent
from .counting import Counting, hosts_of
from .pages import decode_key, is_page, page_name

READS = ("WEBSITE.GET.OBJECT", "REST.GET.OBJECT")
SEEN = (200, 304)
REDIRECTS = (301, 302, 307, 308)
MISSING = (403, 404)


class Rule(NamedTuple):
    """One reason to drop a request."""

    reason: str
    reads: tuple[str, ...]
    """The fields of the request that its answer hangs on, and nothing else: equal fields are asked about once."""
    drops: Callable[[Request, Counting], bool]
    needs: str = ""
    """The setting without which it never drops anything."""


def _is_other_site(request: Request, counting: Counting) -> bool:
    return hosts_of(request).isdisjoint(counting.site_names)


def _is_not_a_page(request: Request, counting: Counting) -> bool:
    return request.key is None or not is_page(decode_key(request.key), counting.index_documents)


def _is_excluded_page(request: Request, counting: Counting) -> bool:
    page = page_name(decode_key(request.key or ""), counting.index_documents)
    return counting.excluded_page is not None and counting.excluded_page.match(page) is not None


def _is_excluded_address(request: Request, counting: Counting) -> bool:
    try:
        address = ip_address(request.remote_ip or "")
    except ValueError:
        return False
    return any(address in network for network in counting.exclude_addresses)


# Asked from the top; the first that says yes names the reason. What many lines share comes first.
# After these, the same record again is dropped as DUPLICATE: by the digest within a file, by the store across files.
DROP_WHEN: tuple[Rule, ...] = (
    Rule("other site", ("bucket", "host_header"), _is_other_site, needs="sites"),
    Rule("not a read", ("operation",), lambda request, _: request.operation not in READS),
    Rule(
        "signed",
        ("requester", "signature_version", "authentication_type"),
        lambda request, _: bool(request.requester or request.signature_version or request.authentication_type),
    ),
    Rule("redirect", ("http_status",), lambda request, _: request.http_status in REDIRECTS),
    Rule("not found", ("http_status",), lambda request, _: request.http_status in MISSING),
    Rule("partial", ("http_status",), lambda request, _: request.http_status == 206),
    Rule("failed", ("http_status",), lambda request, _: request.http_status not in SEEN),
    Rule("not a page", ("key",), _is_not_a_page),
    Rule("excluded", ("key",), _is_excluded_page, needs="exclude_paths"),
    Rule("excluded", ("remote_ip",), _is_excluded_address, needs="exclude_addresses"),
    Rule("bot", ("user_agent",), lambda request, counting: bool(bot_name(request.user_agent, counting))),
)
DUPLICATE = "duplicate"
REASONS = (*dict.fromkeys(rule.reason for rule in DROP_WHEN), DUPLICATE)


def rules_for(counting: Counting) -> tuple[Rule, ...]:
    """The rules that can drop anything under these settings."""
    return tuple(rule for rule in DROP_WHEN if not rule.needs or getattr(counting, rule.needs))


def drop_reason(request: Request, counting: Counting, rules: tuple[Rule, ...]) -> str:
    """Why `request` is not a page view by the first of `rules` that says so, or ""."""
    return next((rule.reason for rule in rules if rule.drops(request, counting)), "")


def bot_name(user_agent: str | None, counting: Counting) -> str:
    """The bot's name, by the kept list or the owner's own patterns; "" when the agent is a person's."""
    name = know_agent(user_agent).bot
    if not name and user_agent:
        name = next((found[0] for pattern in counting.bots if (found := pattern.search(user_agent[:LOOKED_AT]))), "")
    return name
