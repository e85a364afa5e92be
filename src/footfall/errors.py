"""
All exceptions that footfall raises on purpose.

    FootfallError            something a person can fix; its text names the thing, what is wrong, and the remedy
    ├── ConfigError          an invalid setting, flag or question: exit code 2, HTTP 400
    ├── SourceError          logs that cannot be found or read
    │   └── LogGone          a log file that was listed or announced, and no longer exists
    ├── DeliveryError        a notice that its destination did not accept
    ├── Unfinished           a function call, part of which has to be retried
    └── StoreError           a store that cannot be opened, read or written
        ├── StoreBusy        another process holds it: the same call may succeed later
        ├── StoreMissing     it does not exist yet
        └── StoreRefusal     it cannot store this log file, but can store others

Bad *lines* are not errors: they are counted as unreadable. Only the command line, the API and the function catch these.
"""


class FootfallError(Exception):
    """The root of the tree; never raised itself."""

    exit_code = 1


class ConfigError(FootfallError):
    """
    An invalid setting, flag or question.

    `hint` shows what is in the store, which not everyone may see; `about` is the wrong parameter of a question.
    """

    exit_code = 2

    def __init__(self, wrong: str, hint: str = "", about: str = ""):
        super().__init__(f"{wrong}; {hint}" if hint else wrong)
        self.wrong, self.hint, self.about = wrong, hint, about


class SourceError(FootfallError):
    """Logs that cannot be found or read."""


class LogGone(SourceError):
    """A log file that was deleted after it was listed or announced."""


class DeliveryError(FootfallError):
    """A notice that was not accepted, or whose delivery is unknown."""


class Unfinished(FootfallError):
    """A function call, part of which has to be retried; AWS retries it when this is raised."""


class StoreError(FootfallError):
    """A store that cannot be opened, read or written."""


class StoreBusy(StoreError):
    """Another process is writing; try again."""


class StoreMissing(StoreError):
    """There is no such database or table yet."""


class StoreRefusal(StoreError):
    """One log file cannot be recorded; others can."""
