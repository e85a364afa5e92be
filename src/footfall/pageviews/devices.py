"""
The kind of device, from the user agent: a phone, a tablet, a computer, or something else.

Since 2019, an iPad claims to be a Macintosh unless the reader requests the mobile page: it then counts as a computer, as in
every tool that only has the user agent.
"""

import re
from functools import lru_cache

UNKNOWN = "(unknown)"
LOOKED_AT = 512  # characters, as of agents
# The first match wins: a television also says Linux, and a tablet Android.
DEVICES = {
    device: re.compile(says, re.IGNORECASE)
    for device, says in {
        "console": r"playstation|xbox|nintendo",
        "tv": r"smart-?tv|\btv\b|googletv|apple ?tv|hbbtv|netcast|web0s|webos\.tv|\broku|\baft[a-z]{1,4}\b|bravia|\bcrkey\b",
        "tablet": r"\bipad\b|\btablet\b(?! pc)|\bkindle\b|playbook|\bsilk/(?!.*\bmobile\b)|\bandroid\b(?!.*\bmobile\b)",
        "phone": r"\bmobile\b|\biphone\b|\bipod\b|windows phone|blackberry|\bbb10\b|opera m(?:ini|obi)|kaios|symbian",
        "computer": r"windows nt|windows 9|macintosh|x11|\bcros\b|linux|wayland|freebsd|openbsd",
    }.items()
}


@lru_cache(maxsize=4096)
def device_of(user_agent: str | None) -> str:
    """
    `phone`, `tablet`, `computer`, `tv` or `console`.

    >>> device_of("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1")
    'phone'
    """
    agent = (user_agent or "")[:LOOKED_AT]
    return next((device for device, says in DEVICES.items() if says.search(agent)), UNKNOWN)
