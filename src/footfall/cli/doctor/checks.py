"""
The checks of `footfall doctor`, each a row of CHECKS: is everything set up so that views are counted, and are they?

Nothing is changed. A finding is ok, a warning (it works, but perhaps not as intended) or an error; a check is skipped if a
permission or a setting is missing, or there is nothing to check. Warnings and errors come with a remedy.
"""

from collections.abc import Callable, Iterator

from ...errors import FootfallError
from . import bucket, logs, store
from .findings import ERROR, SKIPPED, Checkup, Finding, NoPermission, Skip

CHECKS: dict[str, Callable[[Checkup], Iterator[Finding]]] = {
    "logs": logs.check_logs,
    "access": bucket.check_access,
    "region": bucket.check_region,
    "logging": bucket.check_logging,
    "arriving": logs.check_arriving,
    "notification": bucket.check_notification,
    "store": store.check_store,
    "counted": store.check_counted,
    "countries": logs.check_countries,
    "formats": logs.check_formats,
    "views": logs.check_views,
    "cloudfront": logs.check_cloudfront,
}


def examine(checkup: Checkup) -> Iterator[tuple[str, Finding]]:
    """The findings of all checks, in order; an obstacle to several checks is reported once."""
    told: dict[str, str] = {}  # by error message, the check that reported it
    for name, check in CHECKS.items():
        try:
            found = list(check(checkup))
        except Skip as error:
            found = [Finding(SKIPPED, str(error))]
        except NoPermission as error:
            found = [Finding(SKIPPED, f"this check is not permitted: {error}", f"allow {error} for your credentials")]
        except FootfallError as error:
            first = told.setdefault(str(error), name)
            what, _, remedy = str(error).partition(": ")
            found = [Finding(ERROR, what, remedy) if first == name else Finding(SKIPPED, f"see {first}")]
        yield from ((name, finding) for finding in found)
