"""
The keys of each kind of item in the table.

    item      partition key                          sort key
    view      the page's name, as [item] maps it     time and request id, as [item] maps them
    tally     #<site>#<month>#<dimension>            the value; BESIDE says which dimensions share their items
    together  #<site>#<month>#together               the day: all values of dimensions that have few, see Dimension.is_small
    ledger    #files#<month>, or #files              the log file's name; of its later parts, name#00001
    addition  #added                                 of what a ledger entry has no room for: id#00000#00000, ...
    commit    #sites                                 #group; what it is to write goes on in #groups, id#00000, ...
    site      #sites                                 the site's name
    backfill  #backfills                             when it was begun, and a call's number
    settings  #sites                                 #settings
    visitors  #<site>#visitors                       a day; key# and the day, see `visitors`
    moved     #sites                                 #moved: which partitions of tallies have `#kept` at their end by now
    token     #tokens                                its name
    annotation  #annotations                         its day, and a hash of its site and text
    notice    #notices                               what it is, of which site and days, and a hash of where it goes

No page or site name begins with `#`: if it does in a log or on the command line, it begins with `%23` here. So views never
collide with other items, and no site is mistaken for the settings or a commit.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from hashlib import blake2b
from typing import Any

from ...dimensions import DIMENSIONS
from ...items import ItemMap
from ...records import PageView, Value

Item = Mapping[str, Mapping[str, Any]]
"""An item in DynamoDB's typed form."""
Key = tuple[str, str]
"""Partition key and sort key."""

SITES = "#sites"
BACKFILLS = "#backfills"
SETTINGS: Key = (SITES, "#settings")  # beside the sites, so that one request reads both; no site has such a name
# A commit was called a group once, and is in tables still.
LAST_COMMIT: Key = (SITES, "#group")  # there as well, since reports leave out a commit that is not done
COMMITS = "#groups"
COMMIT = "Group"  # its number; of a tally, that of the last one that it had; in the ledger, that of the file's
COUNTED_BY = "CountedBy"  # the importer that began it, in the ledger as well
CONTENT = "Content"
MOVED: Key = (SITES, "#moved")  # which partitions of tallies were moved, in order; see `moves`
PARTITIONS = "Partitions"
MOST_KEPT_SETTING = "MostKept"  # of the settings: the bound that the months were brought to
RECOUNTED = "Recounted"  # of the settings: files were recounted, so there may be tallies of nothing
COPYING = "Copying"  # of the settings: the state of the store whose copy this is to be, until it is all here; see `contents`
FORGOTTEN = "Forgotten"  # of the settings: when addresses were forgotten last; see `forget`
MOVES = "Moves"  # of the last commit: how many of these are in force
ADDITIONS = "#added"
# Of the ledger: under which rules a part was counted, what it added, or where that is.
RULES, ADDED, ADDED_IN = "Rules", "Added", "AddedIn"
TOKENS = "#tokens"
ANNOTATIONS = "#annotations"
NOTICES = "#notices"
# Of a day's visitors: how many, their hashes, what they did, when the last was added, and, in an item of its own, what they
# are hashed with.
VISITORS, HASHES, SIGNS, CHANGED_AT, KEY = "Visitors", "Hashes", "Signs", "ChangedAt", "Key"
# How many of them loaded a file of the pages, came from a search engine, and did both.
OF_VISITORS = ("Loaded", "FromSearch", "FromSearchLoaded")
# What a view carries beside the attributes of [item].
SOURCE_FILE, RECORD, EXPIRES_AT = "SourceFile", "Record", "ExpiresAt"
# What an item of an imported table has besides, once it and a record of the logs are known as the same view; see `imported`.
TWIN, COUNTS = "Twin", "Counts"
# Months are kept as sets of texts, and a set may not be empty: of files whose names have no month.
NO_MONTH = "none"
COUNTED = "D"  # what the attributes of a tally begin with that count a day
# Dimensions of which each value has one of another's as well: they are counted in its item, by attributes that begin so. A
# write costs by the item and not by the attribute, so these cost nothing.
BESIDE = {"entry": ("page", "A")}
LONGEST_SORT_KEY = 1024  # bytes, says DynamoDB
LONGEST_PARTITION_KEY = 2048
_HASH = "%23"  # what stands for the `#` that a name of others begins with
_DAY_IN_NAME = re.compile(r"(\d{4}-(?:0[1-9]|1[0-2]))-\d\d-\d\d")


def view_key(item: ItemMap, view: PageView) -> tuple[dict[str, Value], Key]:
    """The item that is stored of a view, without and with its keys made fit for DynamoDB."""
    made = item.make(view)
    sort = str(made.get(item.sort_key) or view.time)  # a template with an absent field leaves only the time
    return made, (partition_key(str(made[item.partition_key])), _fit(sort, LONGEST_SORT_KEY))


def partition_key(name: str) -> str:
    """A page's partition key: never one of ours, never too long."""
    return _fit(_not_ours(name), LONGEST_PARTITION_KEY)


def beside(key: Key, record: str) -> Key:
    """Where a view goes whose own key another record holds."""
    return key[0], _fit(f"{key[1]}#{record}", LONGEST_SORT_KEY)


def tally_key(site: str, month: str, dimension: str, value: str) -> Key:
    """Where a value's counts of a month are."""
    dimension, _ = BESIDE.get(dimension, (dimension, COUNTED))
    return f"#{_fit(_not_ours(site), 1024)}#{month}#{dimension}", _fit(value, LONGEST_SORT_KEY)


def visitors_key(site: str, day: str) -> Key:
    """Where a day's visitors are; no dimension is called so."""
    return f"#{_fit(_not_ours(site), 1024)}#visitors", day


def key_of_day(site: str, day: str) -> Key:
    """Where the key is that they are hashed with."""
    return visitors_key(site, f"key#{day}")


def is_together(dimension: str) -> bool:
    """Whether a day's counts of all values of a dimension are in one item, with those of others: it has few values."""
    return dimension in DIMENSIONS and DIMENSIONS[dimension].is_small


def together_key(site: str, day: str) -> Key:
    """Where a day's counts are that are kept together."""
    return tally_key(site, day[:7], "together", day)


def together_attribute(dimension: str, value: str) -> str:
    """Which attribute counts a value there."""
    return f"{dimension}#{value}"


def moved_key(key: Key, moved: Collection[str]) -> Key:
    """Where a tally is by now, when these partitions were moved."""
    return (f"{key[0]}#kept", key[1]) if key[0] in moved else key


def site_key(site: str) -> Key:
    """Where it is noted of which months there are counts of a site."""
    return SITES, _fit(_not_ours(site), LONGEST_SORT_KEY)


def site_of(sort_key: str) -> str:
    """The site's name, of where that is noted."""
    return "#" + sort_key.removeprefix(_HASH) if sort_key.startswith(_HASH) else sort_key


def ledger_key(name: str, part: int) -> Key:
    """Where a part of a log file is entered."""
    months = _DAY_IN_NAME.findall(name)
    return ledger_partition(months[-1] if months else ""), part_name(name, part)


def ledger_partition(month: str) -> str:
    """The files with a month in their names; those without have "" for it."""
    return f"#files#{month}" if month else "#files"


def part_name(name: str, part: int) -> str:
    """How the ledger and the views name a part of a log file: the first by the file's name alone."""
    return f"{name}#{part:05}" if part else name


def month_of(partition: str) -> str:
    """The month of a partition of the ledger; "" for none."""
    return partition.removeprefix("#files").removeprefix("#")


def commit_of(item: Item) -> int:
    """The number of the last commit that an item had; 0 for none."""
    return int(item[COMMIT]["N"]) if COMMIT in item else 0


def content_of(items: Iterable[Item]) -> bytes:
    """What items have of one content together, in order."""
    return b"".join(bytes(item[CONTENT]["B"]) for item in items)


def token_key(name: str) -> Key:
    """Where a token's hash is."""
    return TOKENS, _fit(name, LONGEST_SORT_KEY)


def annotation_key(site: str, day: str, text: str) -> Key:
    """Where an annotation is."""
    return ANNOTATIONS, f"{day}#{_hash(f'{site}#{text}')}"


def read_value(value: Mapping[str, Any]) -> Value:
    """An attribute as Python has it; DynamoDB tells numbers as text, which may have a fraction where others wrote them."""
    if "N" in value:
        number = Decimal(value["N"])
        return int(number) if number == int(number) else str(number)
    return str(next(iter(value.values())))


def day_attribute(day: str, dimension: str) -> str:
    """
    Which attribute of a tally counts a day.

    >>> day_attribute("2026-11-22", "page"), day_attribute("2026-11-22", "entry")
    ('D22', 'A22')
    """
    _, begins = BESIDE.get(dimension, (dimension, COUNTED))
    return f"{begins}{day[8:]}"


def _not_ours(name: str) -> str:
    """A name that a log has, or a person: what begins with `#` is footfall's own, and may not be written over."""
    return _HASH + name[1:] if name.startswith("#") else name


def _fit(text: str, most_bytes: int) -> str:
    """`text` where it fits, else its beginning and a hash of it all, so that different texts stay different."""
    if len(text) * 4 <= most_bytes or len(text.encode()) <= most_bytes:
        return text
    kept = text.encode()[: most_bytes - 17].decode("utf-8", "ignore")
    return f"{kept}#{_hash(text)}"


def _hash(text: str) -> str:
    return blake2b(text.encode(), digest_size=8).hexdigest()
