"""
The fields that CloudFront documents, under its own names.

Legacy logs have the first of these, in this order; more were appended over the years, but none ever moved. v2 logs have the
fields that their owner selects, in any order.
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html
"""

DATE, TIME, MILLISECONDS, TIMESTAMP = "date", "time", "timestamp(ms)", "timestamp"
METHOD, STEM, QUERY, STATUS = "cs-method", "cs-uri-stem", "cs-uri-query", "sc-status"
SITE, DISTRIBUTION, REFERRER, USER_AGENT = "x-host-header", "cs(Host)", "cs(Referer)", "cs(User-Agent)"
ADDRESS, CONTENT_TYPE, BYTES_SENT, REQUEST_ID = "c-ip", "sc-content-type", "sc-bytes", "x-edge-request-id"
RESULT, RESPONSE_RESULT, COUNTRY = "x-edge-result-type", "x-edge-response-result-type", "c-country"

LEGACY = (
    DATE, TIME, "x-edge-location", BYTES_SENT, ADDRESS, METHOD, DISTRIBUTION, STEM, STATUS, REFERRER, USER_AGENT, QUERY,
    "cs(Cookie)", RESULT, REQUEST_ID, SITE, "cs-protocol", "cs-bytes", "time-taken", "x-forwarded-for", "ssl-protocol",
    "ssl-cipher", RESPONSE_RESULT, "cs-protocol-version", "fle-status", "fle-encrypted-fields", "c-port",
    "time-to-first-byte", "x-edge-detailed-result-type", CONTENT_TYPE, "sc-content-len", "sc-range-start", "sc-range-end",
    "distribution-tenant-id", "connection-id",
)  # fmt: skip
"""The fields of legacy logs, from 2010 to 2026."""

LENGTHS = frozenset((12, 15, 18, 19, 23, 24, 26, 33, 34, 35))
"""The numbers of fields that legacy logs have had. Without a header, a line with any other number is damaged."""

DOCUMENTED = (
    *LEGACY, MILLISECONDS, TIMESTAMP, "origin-fbl", "origin-lbl", "asn", COUNTRY, "cache-behavior-path-pattern",
    "DistributionId", "distributionid", "viewer-request-log-data", "viewer-response-log-data",
)  # fmt: skip

UNIQUE = (
    TIME, MILLISECONDS, TIMESTAMP, BYTES_SENT, ADDRESS, REQUEST_ID, "cs-bytes", "time-taken", "x-forwarded-for", "c-port",
    "time-to-first-byte", "sc-content-len", "sc-range-start", "sc-range-end", "connection-id", "origin-fbl", "origin-lbl",
    "viewer-request-log-data", "viewer-response-log-data",
)  # fmt: skip

NOTHING = (None, b"", b"-")
"""Forms of a missing value: the field is not logged, or is logged like this."""

FACTS = {
    "hosts": (SITE, DISTRIBUTION), "query": (QUERY,), "referrer": (REFERRER,), "user_agent": (USER_AGENT,),
    "remote_ip": (ADDRESS,), "content_type": (CONTENT_TYPE,), "bytes_sent": (BYTES_SENT,), "record_id": (REQUEST_ID,),
}  # fmt: skip
"""The facts of a request that a log may lack, each with the fields that can supply it."""


def unlogged(names: frozenset[str]) -> frozenset[str]:
    """The facts of a request that a log with these fields does not have."""
    return frozenset(fact for fact, fields in FACTS.items() if names.isdisjoint(fields))
