"""Notices sent to the owner: an item each, kept for a little more than a year."""

from contextlib import suppress

from ...records import DAY
from ..capabilities import Claimed
from .keys import EXPIRES_AT, NOTICES
from .query import query
from .requests import Refused, Requests

KEPT_DAYS = 400  # notices for periods that ended longer ago are only sent on request


class DynamoDBNotices:
    """See stores.capabilities.Notices."""

    def __init__(self, requests: Requests):
        self._requests = requests

    def claim(self, key: str, by: str, at: int, lapsed: int) -> Claimed:
        """See Notices."""
        try:
            self._requests.update(
                (NOTICES, key),
                "SET #by = :by, #at = :at, #expires = :expires",
                {"#by": "ClaimedBy", "#at": "ClaimedAt", "#expires": EXPIRES_AT, "#delivered": "DeliveredAt"},
                {
                    ":by": {"S": by},
                    ":at": {"N": str(at)},
                    ":expires": {"N": str(at + KEPT_DAYS * DAY)},
                    ":lapsed": {"N": str(lapsed)},
                },
                # The second is this claim itself, sent again after a lost answer.
                ConditionExpression="attribute_not_exists(#by) OR #by = :by"
                " OR (attribute_not_exists(#delivered) AND #at <= :lapsed)",
            )
        except Refused:
            found = query(self._requests, NOTICES, between=(key, key))
            return "delivered" if any("DeliveredAt" in item for item in found) else "held"
        return "ours"

    def release(self, key: str, by: str) -> None:
        """See Notices."""
        self._set("ClaimedAt", 0, key, by)

    def confirm(self, key: str, by: str, at: int) -> None:
        """See Notices."""
        self._set("DeliveredAt", at, key, by)

    def delivered(self) -> list[tuple[str, int]]:
        """See Notices."""
        items, sort = query(self._requests, NOTICES), self._requests.keys[1]
        return [(item[sort]["S"], int(item["DeliveredAt"]["N"])) for item in items if "DeliveredAt" in item]

    def _set(self, attribute: str, at: int, key: str, by: str) -> None:
        with suppress(Refused):  # the claim has expired, and another run has it
            self._requests.update(
                (NOTICES, key),
                "SET #set = :at",
                {"#set": attribute, "#by": "ClaimedBy"},
                {":at": {"N": str(at)}, ":by": {"S": by}},
                ConditionExpression="#by = :by",
            )
