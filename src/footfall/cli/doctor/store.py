"""Checks of the store: is it there, is it set up as it should be, and has it what arrived?"""

from collections.abc import Iterator

from ...errors import StoreMissing
from ...pipeline.ledger import uncounted
from .findings import ODD, WELL, WRONG, Checkup, Finding


def check_store(checkup: Checkup) -> Iterator[Finding]:
    """Is the store there, and as it should be?"""
    if (table := checkup.store.table) is None:
        try:
            checkup.store.sites()
            yield Finding(WELL, f"{checkup.settings['store']} is there")
        except StoreMissing:
            yield Finding(ODD, f"there is no {checkup.settings['store']} yet", "footfall sweep, or import, makes it")
        return
    found, wanted = table.read(), dict.fromkeys(table.keys, "S")
    differing = [
        f"{name} is {found.features[name]}, not {value}"
        for name, value in table.features.items()
        if found.features[name] != value
    ]
    if dict(found.keys) != wanted:
        told = f"the keys of {found.name} are {', '.join(found.keys)}, not {', '.join(wanted)}"
        yield Finding(WRONG, told, "name the table's own, the partition key first, under [item]")
    elif differing:
        yield Finding(ODD, f"{found.name}: {', '.join(differing)}", "footfall table create --complete turns on what is off")
    else:
        yield Finding(WELL, f"{found.name} in {found.region} is as it should be")


def check_counted(checkup: Checkup) -> Iterator[Finding]:
    """Is what came counted?"""
    if not checkup.settings["logs"] or not any(file.name for file in checkup.newest):
        return  # the ledger is not asked for files without a name: that takes reading them
    try:
        missing = list(uncounted(checkup.newest, checkup.store))
    except StoreMissing:
        missing = list(checkup.newest)
    if missing:
        told = f"{len(missing)} of the {len(checkup.newest)} newest log files are not counted, as {missing[-1].place}"
        yield Finding(ODD, told, "footfall sweep counts them; in AWS see the logs of the functions for why")
    else:
        yield Finding(WELL, "the newest log files are counted")
