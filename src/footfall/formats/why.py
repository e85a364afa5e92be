"""
Why a line is unreadable: shared by the formats.

Format-specific reasons are in `why_unreadable` of each reader, which is used for the few lines that are shown.
"""

import json

TWO_RECORDS = "two records in one line"
MOST_SHOWN = 40  # bytes of an invalid value


def shown(value: bytes) -> str:
    """The beginning of an unreadable value, as text."""
    return value[:MOST_SHOWN].decode("utf-8", "replace") + ("..." if len(value) > MOST_SHOWN else "")


def no_time(value: bytes) -> str:
    """The message for an invalid time."""
    return f"its time cannot be read: {shown(value)}"


def no_object(text: bytes, before: int = 0) -> str:
    """What is wrong with a line that begins like a JSON object, after `before` bytes, but is not one."""
    try:
        json.loads(text.decode("utf-8", "replace"), strict=False)
    except json.JSONDecodeError as error:
        return f"not valid JSON at column {before + error.pos + 1}"
    except (ValueError, RecursionError):
        return "JSON with too long a number, or nested too deeply"
    return "JSON, but not an object"
