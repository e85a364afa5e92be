"""
What `footfall doctor` looks at, each check a row of CHECKS: is it set up so that views are counted, and are they?

Nothing is changed. A check finds things well, odd (it works, and perhaps not as meant), wrong, or unknown: for want of a
permission or of a setting. Each finding but a good one comes with its remedy.
"""

from collections.abc import Callable, Iterator

from ...errors import FootfallError
from . import bucket, logs, store
from .findings import UNKNOWN, WRONG, Checkup, Finding, NoPermission

CHECKS: dict[str, Callable[[Checkup], Iterator[Finding]]] = {
    "logs": logs.check_logs,
    "access": bucket.check_access,
    "region": bucket.check_region,
    "logging": bucket.check_logging,
    "arriving": logs.check_arriving,
    "notification": bucket.check_notification,
    "store": store.check_store,
    "counted": store.check_counted,
    "formats": logs.check_formats,
    "views": logs.check_views,
    "cloudfront": logs.check_cloudfront,
}


def examine(checkup: Checkup) -> Iterator[tuple[str, Finding]]:
    """What each check finds, one after the other."""
    for name, check in CHECKS.items():
        try:
            found = list(check(checkup))
        except NoPermission as error:
            found = [Finding(UNKNOWN, f"may not be asked: {error}", f"allow {error}, for your own credentials")]
        except FootfallError as error:
            what, _, remedy = str(error).partition(": ")
            found = [Finding(WRONG, what, remedy)]
        yield from ((name, finding) for finding in found)
