"""The setting `digest`: its period and destination."""

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from ..errors import ConfigError
from .values import read_table, read_truth

EXAMPLE = '{ period = "week", to = "https://hooks.example/..." }'
_PLACE = re.compile(r"https?://[^\s/?#]+\S*|arn:aws[\w-]*:sns:[\w-]+:\d+:[\w-]+")


class NoticePlan(NamedTuple):
    """Which notices there are, and where they go."""

    period: str = "week"
    """The period of a digest, one of WHOLE_PERIODS."""
    to: str = ""
    """A URL or the ARN of an SNS topic; "" if nothing is sent."""
    alerts: bool = True
    """Whether the function in AWS also sends alerts."""


def read_notices(name: str, value: Any) -> NoticePlan:
    """Parse a table with the values that differ from the defaults."""
    table = read_table(name, value, EXAMPLE)
    if not isinstance(table, Mapping):
        raise ConfigError(f"{name} must be a table such as {EXAMPLE}; it is {table!r}")
    if unknown := sorted(table.keys() - {*NoticePlan._fields}):
        raise ConfigError(f"{name}: no key {unknown[0]!r}; there are: {', '.join(NoticePlan._fields)}")
    plan = NoticePlan(**{**table, "alerts": read_truth(f"{name} alerts", table.get("alerts", True))})
    if "period" in table:
        from ..reports.period import WHOLE_PERIODS  # an import of logs needs no reports

        if plan.period not in WHOLE_PERIODS:
            raise ConfigError(f"{name}: no period {plan.period!r}; there are: {', '.join(WHOLE_PERIODS)}")
    if plan.to != "":
        read_destination(f"{name} to", plan.to)
    return plan


def read_destination(name: str, value: Any) -> str:
    """The destination of notices."""
    if isinstance(value, str) and _PLACE.fullmatch(value):
        with suppress(ValueError):  # half an IPv6 address, or an invalid port
            _ = urlsplit(value).port
            return value
    raise ConfigError(f"{name} must be the URL of a webhook, https://..., or the ARN of an SNS topic, arn:aws:sns:...")
