"""
The table itself: created by `footfall table create` or by the deployment, and never changed if it exists.

It should have FEATURES and two string keys; `footfall table info` shows what it has.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from time import sleep
from typing import Any

from ...errors import StoreError, StoreMissing
from ..capabilities import TableInfo
from .cost import keeping
from .keys import EXPIRES_AT
from .requests import Requests, pauses

LONGEST_WAIT = 120.0  # seconds for AWS to create a table; it usually takes ten

# What our tables have, besides their keys, and why.
FEATURES = {
    "billing": "on demand",  # no capacity to plan, no cost without traffic
    "time to live": f"by {EXPIRES_AT}",  # keep_views_days
    "point-in-time recovery": "on",  # wrongly written counts can be restored
    "deletion protection": "on",
}


class DynamoDBTable:
    """See stores.capabilities.Table."""

    features: Mapping[str, str] = FEATURES

    def __init__(self, requests: Requests):
        self._requests = requests

    @property
    def keys(self) -> tuple[str, str]:
        """See Table."""
        return self._requests.keys

    @property
    def region(self) -> str:
        """See Table."""
        return str(self._requests.client.meta.region_name)

    def create(self, *, complete: bool = False) -> bool:
        """See Table."""
        return create_table(self._requests, complete=complete)

    def read(self) -> TableInfo:
        """See Table."""
        return read_table(self._requests)


def read_table(requests: Requests) -> TableInfo:
    """The state of the table; raises StoreMissing if there is none."""
    found = requests.send("describe_table", TableName=requests.table)["Table"]
    live = requests.send("describe_time_to_live", TableName=requests.table).get("TimeToLiveDescription", {})
    backups = requests.send("describe_continuous_backups", TableName=requests.table)["ContinuousBackupsDescription"]
    recovery = backups.get("PointInTimeRecoveryDescription", {}).get("PointInTimeRecoveryStatus")
    billing = found.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED")
    types = {each["AttributeName"]: each["AttributeType"] for each in found["AttributeDefinitions"]}
    size = int(found.get("TableSizeBytes", 0))
    return TableInfo(
        name=found["TableName"],
        region=requests.client.meta.region_name,
        status=found["TableStatus"],
        items=int(found.get("ItemCount", 0)),
        size=size,
        keys={key["AttributeName"]: types[key["AttributeName"]] for key in sorted(found["KeySchema"], key=_hash_first)},
        features={
            "billing": "on demand" if billing == "PAY_PER_REQUEST" else "provisioned",
            "time to live": f"by {live.get('AttributeName')}"
            if live.get("TimeToLiveStatus", "").startswith("ENABL")
            else "off",
            "point-in-time recovery": "on" if recovery == "ENABLED" else "off",
            "deletion protection": "on" if found.get("DeletionProtectionEnabled") else "off",
        },
        monthly_cost=keeping(size, is_backed_up=recovery == "ENABLED"),
    )


def create_table(requests: Requests, *, complete: bool = False) -> bool:
    """
    Create the table; False if it already exists and is set up correctly.

    Raises StoreError, which names the differences, if it is set up differently. `complete` turns on what such a table
    lacks, except for its keys and billing, which are never changed.
    """
    try:
        there = read_table(requests)
    except StoreMissing:
        _make(requests)
        _turn_on(requests, ("time to live", "point-in-time recovery"))
        return True
    lacking = [name for name, wanted in FEATURES.items() if there.features[name] != wanted]
    _check_same(requests, there, [name for name in lacking if not complete or name == "billing"], complete=complete)
    _turn_on(requests, lacking)
    return False


def _check_same(requests: Requests, there: TableInfo, lacking: Sequence[str], *, complete: bool) -> None:
    wanted = dict.fromkeys(requests.keys, "S")
    if list(there.keys.items()) != list(wanted.items()):
        raise StoreError(
            f"{requests.url} already exists, and its keys differ: {_keys(there.keys)}, not {_keys(wanted)}; nothing was "
            f"changed: put the table's own keys first under [item], or choose another table"
        )
    if lacking:
        differences = ", ".join(f"{name} is {there.features[name]}, not {FEATURES[name]}" for name in lacking)
        remedy = "change it in the AWS console" if complete else "--complete turns on what is off"
        raise StoreError(f"{requests.url} already exists, and differs: {differences}; nothing was changed: {remedy}")


def _make(requests: Requests) -> None:
    partition, sort = requests.keys
    requests.send(
        "create_table",
        TableName=requests.table,
        KeySchema=[{"AttributeName": partition, "KeyType": "HASH"}, {"AttributeName": sort, "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in requests.keys],
        BillingMode="PAY_PER_REQUEST",
        DeletionProtectionEnabled=True,
        Tags=[{"Key": "application", "Value": "footfall"}],
    )
    waited = 0.0
    for pause in pauses():
        with suppress(StoreMissing):  # AWS may need a moment to find a new table
            if requests.send("describe_table", TableName=requests.table)["Table"]["TableStatus"] == "ACTIVE":
                return
        if waited > LONGEST_WAIT:
            raise StoreError(
                f"{requests.url} is still not ready: check it in the AWS console, then run it again with --complete"
            )
        waited += pause
        sleep(pause)


def _turn_on(requests: Requests, features: Sequence[str]) -> None:
    table: dict[str, Any] = {"TableName": requests.table}
    if "time to live" in features:
        by = {"AttributeName": EXPIRES_AT, "Enabled": True}
        requests.send("update_time_to_live", **table, TimeToLiveSpecification=by)
    if "point-in-time recovery" in features:
        requests.send(
            "update_continuous_backups", **table, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
        )
    if "deletion protection" in features:
        requests.send("update_table", **table, DeletionProtectionEnabled=True)


def _hash_first(key: Mapping[str, str]) -> bool:
    return key["KeyType"] != "HASH"


def _keys(keys: Mapping[str, str]) -> str:
    return " and ".join(f"{name} ({kind})" for name, kind in keys.items())
