"""
The same view in the logs and in an imported table: it counts once, whichever came first.

An item of such a table has no request id. So its facts are compared: site, page and second, which both always have, and user
agent and address if both have them. Views that are alike are matched one to one: two in the logs and one in the table are two
views.
"""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from ..items import ItemMap
from ..pageviews.addresses import mask
from ..records import PageView

# Prefixes of the request ids and log file names that the articles package makes up.
ITEM, TABLE = "item:", "dynamodb:"
NOT_KEPT = "(not kept)"  # stands for a text that an item lacks: neither a bot nor a referrer
COMPARED = ("user_agent", "remote_ip")
Facts = Sequence[str | None]
"""The fields of COMPARED, in order."""

T = TypeVar("T")


def is_item(view: PageView) -> bool:
    """Whether a view is an item of an imported table."""
    return is_item_id(view.request_id)


def is_item_id(request_id: str) -> bool:
    """Whether a view with this request id is an item of an imported table."""
    return request_id.startswith(ITEM)


def facts_of(item: ItemMap, view: PageView) -> Facts:
    """The facts of a view that are compared; None for those not kept."""
    return [str(view.fields[name]) if view.fields.get(name) is not None and name in item.facts else None for name in COMPARED]


def best(facts: Facts, others: Mapping[T, Facts]) -> T | None:
    """The one of the others that matches; an equal one is preferred to one with fewer facts."""
    agreeing = [other for other, its in others.items() if _agree(facts, its)]
    return min(agreeing, key=lambda other: (list(others[other]) != list(facts), str(other)), default=None)


def _agree(ones: Facts, others: Facts) -> bool:
    return all(map(_may_be_equal, ones, others))


def _may_be_equal(one: str | None, other: str | None) -> bool:
    """Whether two texts are equal as far as they are known; for addresses, as far as neither is masked."""
    if one == other or {one, other} & {None, NOT_KEPT}:
        return True
    return mask(one) == other or mask(other) == one
