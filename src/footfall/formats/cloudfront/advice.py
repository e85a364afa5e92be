"""Advice on fields that a log lacks, and what to select."""

from .listing import KEYS, PLACES, FieldList
from .names import CONTENT_TYPE, LEGACY, REFERRER, REQUEST_ID, SITE, USER_AGENT

WHERE = "in the settings of the distribution's standard logging (v2)"
# No count needs any other field.
LACKING = {
    USER_AGENT: "bots cannot be told from people",
    REQUEST_ID: "a request that is in two files counts twice",
    SITE: "the host that readers asked for is unknown",
    CONTENT_TYPE: "pages are recognized by their names only",
    REFERRER: "referrers are unknown",
}


def refusal(listed: FieldList) -> str:
    """Why nothing can be counted in a log with these fields, and what to do; "" if it can."""
    names = set(listed.names)
    if listed.source == PLACES:
        return ""
    if {"x-event", "x-cf-status"} & names:
        return "it is a log of an RTMP distribution, a kind that CloudFront ended in 2021; it has no page views"
    if listed.is_ambiguous:
        return (
            f"its fields are separated by {listed.delimiter.decode('ascii', 'replace')!r}, which values may also contain; "
            f"choose a tab as the field delimiter {WHERE}"
        )
    if missing := listed.missing:
        return f"it lacks {_and(missing)}, without which nothing can be counted; select {_them(missing)} {WHERE}"
    return ""


def notice(listed: FieldList) -> str:
    """A sentence about what a log with these fields does not show; "" if nothing important is missing."""
    is_legacy = listed.source != KEYS and listed.names == LEGACY[: len(listed.names)]  # these have all fields that existed then
    missing = [] if is_legacy or refusal(listed) else [name for name in LACKING if name not in listed.names]
    if not missing:
        return ""
    told = _and([f"{LACKING[name]} (no {name})" for name in missing])
    return f"fields are missing, so {told}; select {_them(missing)} {WHERE}"


def _and(parts: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))


def _them(names: list[str]) -> str:
    return "it" if len(names) == 1 else "them"
