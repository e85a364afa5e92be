"""
The cost of the table.

Prices are of us-east-1 in November 2026, in US dollars, on demand; other regions cost about 10 to 50 % more:
https://aws.amazon.com/dynamodb/pricing/on-demand/. The free tier is not deducted.
"""

MILLION_WRITE_UNITS = 0.625
MILLION_READ_UNITS = 0.125
STORED_GB_MONTH = 0.25
BACKED_UP_GB_MONTH = 0.20  # point-in-time recovery
GB = 1e9


def keeping(size: int, *, is_backed_up: bool) -> dict[str, float]:
    """
    The monthly cost of storing `size` bytes.

    >>> keeping(2_000_000_000, is_backed_up=True)
    {'storage': 0.5, 'backups': 0.4, 'total': 0.9}
    """
    storage = size / GB * STORED_GB_MONTH
    backups = size / GB * BACKED_UP_GB_MONTH if is_backed_up else 0.0
    return {name: round(cost, 4) for name, cost in (("storage", storage), ("backups", backups), ("total", storage + backups))}


def using(read_units: float, write_units: float) -> float:
    """The cost of requests that consume these units."""
    return (read_units * MILLION_READ_UNITS + write_units * MILLION_WRITE_UNITS) / 1e6
