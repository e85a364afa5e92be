"""
Everything that footfall raises on purpose.

    FootfallError            something a person can fix; its text names the thing, what is wrong, and the remedy
    ├── ConfigError          a setting, a flag or a question that cannot be: exit code 2, HTTP 400
    ├── SourceError          logs that cannot be found or read
    │   └── LogGone          a log file that was listed or told of, and is there no more
    ├── DeliveryError        a notice that was not taken where it goes
    ├── Unfinished           a function's call of which something has to be tried again
    └── StoreError           a store that cannot be opened, read or written
        ├── StoreBusy        another process holds it: the same call may succeed later
        ├── StoreMissing     there is none yet
        └── StoreRefusal     it cannot keep this one log file; others it can

Bad *lines* are no errors: they are counted as unreadable. Only the command line, the API and the function catch these.
"""


class FootfallError(Exception):
    """The root of the tree; never raised itself."""

    exit_code = 1


class ConfigError(FootfallError):
    """
    A setting, a flag or a question that cannot be as it is.

    `hint` tells what is in the store, which is not for everybody; `about` is the parameter that is wrong, of a question.
    """

    exit_code = 2

    def __init__(self, wrong: str, hint: str = "", about: str = ""):
        super().__init__(f"{wrong}; {hint}" if hint else wrong)
        self.wrong, self.hint, self.about = wrong, hint, about


class SourceError(FootfallError):
    """Logs that cannot be found or read."""


class LogGone(SourceError):
    """A log file that was deleted after it was listed or told of."""


class DeliveryError(FootfallError):
    """A notice that was not accepted, or whose delivery is unknown."""


class Unfinished(FootfallError):
    """A function's call of which something has to be tried again; AWS does so when it is raised."""


class StoreError(FootfallError):
    """A store that cannot be opened, read or written."""


class StoreBusy(StoreError):
    """Another process is writing; try again."""


class StoreMissing(StoreError):
    """There is no such database or table yet."""


class StoreRefusal(StoreError):
    """One log file cannot be recorded; others can."""
