"""Checks of the store: does it exist, is it set up correctly, and does it have the newest logs?"""

from collections.abc import Iterator

from ...errors import StoreMissing
from ...pipeline.ledger import uncounted
from .findings import ERROR, OK, WARNING, Checkup, Finding, Skip


def check_store(checkup: Checkup) -> Iterator[Finding]:
    """Does the store exist, and is it set up correctly?"""
    if (table := checkup.store.table) is None:
        try:
            checkup.store.sites()
            yield Finding(OK, f"{checkup.settings['store']} is there")
        except StoreMissing:
            yield Finding(
                WARNING, f"there is no {checkup.settings['store']} yet", "footfall sweep or footfall import creates it"
            )
        return
    found, wanted = table.read(), dict.fromkeys(table.keys, "S")
    differing = [
        f"{name} is {found.features[name]}, not {value}"
        for name, value in table.features.items()
        if found.features[name] != value
    ]
    if dict(found.keys) != wanted:
        told = f"the keys of {found.name} are {', '.join(found.keys)}, not {', '.join(wanted)}"
        yield Finding(ERROR, told, "write the table's own keys under [item], the partition key first")
    elif differing:
        yield Finding(WARNING, f"{found.name}: {', '.join(differing)}", "footfall table create --complete turns on what is off")
    else:
        yield Finding(OK, f"{found.name} in {found.region} already exists and is set up correctly")


def check_counted(checkup: Checkup) -> Iterator[Finding]:
    """Are the newest log files counted?"""
    if not any(file.name for file in checkup.newest):
        raise Skip("this check needs files with the names that AWS gives log files, and there are none")
    try:
        missing = list(uncounted(checkup.newest, checkup.store))
    except StoreMissing:
        missing = list(checkup.newest)
    if missing:
        told = f"{len(missing)} of the {len(checkup.newest)} newest log files are not counted, such as {missing[-1].place}"
        yield Finding(WARNING, told, "footfall sweep counts them; in AWS, the logs of the functions say why")
    else:
        yield Finding(OK, "the newest log files are counted")
