"""How a file whose records have no ids is identified: by its first line, which stays while the file grows."""

import hashlib
import re

# The first line that is neither blank nor a comment: comments that CloudFront's files begin with are the same in all.
_FIRST_LINE = re.compile(rb"(?:[ \r]*+(?:\n|\Z)|#[^\n]*+\n?)*+([^\n]+)")


def first_line_hash(head: bytes) -> str:
    """The hash of the first line that is neither blank nor a comment, in hexadecimal; "" if there is none."""
    found = _FIRST_LINE.match(head)
    return hashlib.sha256(found[1].rstrip(b"\r")).hexdigest() if found else ""


def origin_of(head: bytes) -> str:
    """The prefix that identifies a file beginning with these lines, in record ids of formats without ids."""
    return first_line_hash(head)[:16]
