"""What requests to the table cost."""

from collections.abc import Sequence

from ...items import ItemMap
from ...records import Digest
from ..shapes import Capacity, Estimate, Keep
from .cost import using
from .estimate import write_units
from .requests import Requests


class DynamoDBPricing:
    """See stores.base.Pricing."""

    def __init__(self, requests: Requests, item: ItemMap, keep: Keep):
        self._requests, self._item, self._keep = requests, item, keep

    def estimate(self, digests: Sequence[Digest]) -> Estimate:
        """See Pricing."""
        units = write_units(self._item, self._keep, digests)
        return Estimate(units, using(0, units))

    def capacity(self) -> Capacity:
        """See Pricing."""
        return self._requests.capacity
