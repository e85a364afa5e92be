"""What requests to the table cost."""

from collections.abc import Sequence

from ...items import ItemMap
from ...records import Digest
from ..shapes import Capacity, Estimate, Keep, Recounted, Stays
from .cost import using
from .estimate import recount_units, write_units
from .requests import Requests


class DynamoDBPricing:
    """See stores.capabilities.Pricing."""

    def __init__(self, requests: Requests, item: ItemMap, keep: Keep):
        self._requests, self._item, self._keep = requests, item, keep

    def estimate(self, digests: Sequence[Digest]) -> Estimate:
        """See Pricing."""
        units = write_units(self._item, self._keep, digests)
        return Estimate(units, using(0, units))

    def estimate_recount(self, digests: Sequence[Digest], outcomes: Sequence[Recounted | Stays | None]) -> Estimate:
        """See Pricing."""
        units = recount_units(digests, outcomes)
        return Estimate(units, using(0, units))

    def capacity(self) -> Capacity:
        """See Pricing."""
        return self._requests.capacity
