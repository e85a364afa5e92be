"""
The same view in the logs and in an imported table: it counts once, whichever came first.

An item of such a table has no request id. So what it tells is compared: site, page and second, which both have always, and
user agent and address as far as both are kept. Views that are alike are matched one to one: two alike in the logs and one
in the table are two views.
"""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from ..items import ItemMap
from ..pageviews.addresses import mask
from ..records import PageView

# What the articles package calls an item's request id and its log files, which are not S3's: they begin so.
ITEM, TABLE = "item:", "dynamodb:"
NOT_KEPT = "(not kept)"  # a text that an item lacks: neither a bot nor a page that linked here
COMPARED = ("user_agent", "remote_ip")
Facts = Sequence[str | None]
"""The fields of COMPARED, in order."""

T = TypeVar("T")


def is_item(view: PageView) -> bool:
    """Whether a view is an item of an imported table."""
    return is_item_id(view.request_id)


def is_item_id(request_id: str) -> bool:
    """Whether a view with this request id is one."""
    return request_id.startswith(ITEM)


def facts_of(item: ItemMap, view: PageView) -> Facts:
    """What of a view is compared; None for what is not kept."""
    return [str(view.fields[name]) if view.fields.get(name) is not None and name in item.facts else None for name in COMPARED]


def best(facts: Facts, others: Mapping[T, Facts]) -> T | None:
    """Which of the others agrees; one that says the same before one that says less."""
    agreeing = [other for other, its in others.items() if _agree(facts, its)]
    return min(agreeing, key=lambda other: (list(others[other]) != list(facts), str(other)), default=None)


def _agree(ones: Facts, others: Facts) -> bool:
    return all(map(_may_be_equal, ones, others))


def _may_be_equal(one: str | None, other: str | None) -> bool:
    """Whether two texts are equal as far as they are known; of an address, as far as neither is masked."""
    if one == other or {one, other} & {None, NOT_KEPT}:
        return True
    return mask(one) == other or mask(other) == one
