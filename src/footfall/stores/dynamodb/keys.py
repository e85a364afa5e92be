"""
The keys of each kind of item in the table.

    item      partition key                          sort key
    view      the page's name, as [item] maps it     time and request id, as [item] maps them
    tally     #<site>#<month>#<dimension>            the value; BESIDE lists dimensions that share items
    together  #<site>#<month>#together               the day: all values of small dimensions, see Dimension.is_small
    ledger    #files#<month>, or #files              the log file's name; of its later parts, name#00001
    addition  #added                                 what does not fit into a ledger entry: id#00000#00000, ...
    commit    #sites                                 #group; the rest of its content is in #groups, id#00000, ...
    site      #sites                                 the site's name
    backfill  #backfills                             when it was begun, and a call's number
    settings  #sites                                 #settings
    visitors  #<site>#visitors                       a day; key# and the day, see `visitors`
    moved     #sites                                 #moved: the partitions of tallies that now end with `#kept`
    token     #tokens                                its name
    annotation  #annotations                         its day, and a hash of its site and text
    notice    #notices                               its kind, site and days, and a hash of its destination

No page or site name begins with `#` here: if it does in a log or on the command line, it is stored with `%23`. So views never
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
SETTINGS: Key = (SITES, "#settings")  # with the sites, so that one request reads both; no site has such a name
# Commits were once called groups, and still are in tables.
LAST_COMMIT: Key = (SITES, "#group")  # also with the sites, since reports leave out a commit that is not done
COMMITS = "#groups"
COMMIT = "Group"  # its number; in a tally, that of its last commit; in the ledger, that of the file's commit
COUNTED_BY = "CountedBy"  # the importer that began it; also in the ledger
CONTENT = "Content"
MOVED: Key = (SITES, "#moved")  # which partitions of tallies were moved, in order; see `moves`
PARTITIONS = "Partitions"
MOST_KEPT_SETTING = "MostKept"  # in the settings: the bound that was last applied to the months
RECOUNTED = "Recounted"  # in the settings: files were recounted, so there may be empty tallies
COPYING = "Copying"  # in the settings, until a copy is complete: the state of the store that is copied; see `contents`
FORGOTTEN = "Forgotten"  # in the settings: when addresses were last forgotten; see `forget`
MOVES = "Moves"  # in the last commit: how many of these apply
ADDITIONS = "#added"
# In the ledger: the rules that a part was counted under, what it added, or where that is.
RULES, ADDED, ADDED_IN = "Rules", "Added", "AddedIn"
TOKENS = "#tokens"
ANNOTATIONS = "#annotations"
NOTICES = "#notices"
# Of a day's visitors: their number, hashes, what they did, when the last was added, and, in a separate item, the key of the
# hashes.
VISITORS, HASHES, SIGNS, CHANGED_AT, KEY = "Visitors", "Hashes", "Signs", "ChangedAt", "Key"
# How many of them loaded a file that belongs to pages, came from a search engine, and did both.
OF_VISITORS = ("Loaded", "FromSearch", "FromSearchLoaded")
# What a view has in addition to the attributes of [item].
SOURCE_FILE, RECORD, EXPIRES_AT = "SourceFile", "Record", "ExpiresAt"
# What an item of an imported table also has, once it is matched with a log record of the same view; see `imported`.
TWIN, COUNTS = "Twin", "Counts"
# Months are kept in sets, which may not be empty; this stands for files whose names have no month.
NO_MONTH = "none"
COUNTED = "D"  # the prefix of a tally's attributes that count a day
# Dimensions whose values also occur in another dimension: they are counted in its items, in attributes with this prefix. A
# write costs by item, not by attribute, so these cost nothing.
BESIDE = {"entry": ("page", "A")}
LONGEST_SORT_KEY = 1024  # bytes, DynamoDB's limit
LONGEST_PARTITION_KEY = 2048
_HASH = "%23"  # replaces a `#` at the beginning of a name that is not ours
_DAY_IN_NAME = re.compile(r"(\d{4}-(?:0[1-9]|1[0-2]))-\d\d-\d\d")


def view_key(item: ItemMap, view: PageView) -> tuple[dict[str, Value], Key]:
    """The item to store for a view, and its key in DynamoDB, shortened if necessary."""
    made = item.make(view)
    sort = str(made.get(item.sort_key) or view.time)  # if the template has an absent field, only the time is left
    return made, (partition_key(str(made[item.partition_key])), _fit(sort, LONGEST_SORT_KEY))


def partition_key(name: str) -> str:
    """A page's partition key: never one of ours, never too long."""
    return _fit(_not_ours(name), LONGEST_PARTITION_KEY)


def beside(key: Key, record: str) -> Key:
    """The key of a view whose own key has another record."""
    return key[0], _fit(f"{key[1]}#{record}", LONGEST_SORT_KEY)


def tally_key(site: str, month: str, dimension: str, value: str) -> Key:
    """The key of a value's counts in a month."""
    dimension, _ = BESIDE.get(dimension, (dimension, COUNTED))
    return f"#{_fit(_not_ours(site), 1024)}#{month}#{dimension}", _fit(value, LONGEST_SORT_KEY)


def visitors_key(site: str, day: str) -> Key:
    """The key of a day's visitors; no dimension has this name."""
    return f"#{_fit(_not_ours(site), 1024)}#visitors", day


def key_of_day(site: str, day: str) -> Key:
    """The item key of the key that they are hashed with."""
    return visitors_key(site, f"key#{day}")


def is_together(dimension: str) -> bool:
    """Whether a day's counts for all values of a dimension are in one item, with other dimensions': it has few values."""
    return dimension in DIMENSIONS and DIMENSIONS[dimension].is_small


def together_key(site: str, day: str) -> Key:
    """The key of a day's counts that are stored together."""
    return tally_key(site, day[:7], "together", day)


def together_attribute(dimension: str, value: str) -> str:
    """The attribute there that counts a value."""
    return f"{dimension}#{value}"


def moved_key(key: Key, moved: Collection[str]) -> Key:
    """The current key of a tally, after these partitions were moved."""
    return (f"{key[0]}#kept", key[1]) if key[0] in moved else key


def site_key(site: str) -> Key:
    """The key of a site's note, which lists the months with counts."""
    return SITES, _fit(_not_ours(site), LONGEST_SORT_KEY)


def site_of(sort_key: str) -> str:
    """The site's name, from the sort key of its note."""
    return "#" + sort_key.removeprefix(_HASH) if sort_key.startswith(_HASH) else sort_key


def ledger_key(name: str, part: int) -> Key:
    """The key of a log file's part in the ledger."""
    months = _DAY_IN_NAME.findall(name)
    return ledger_partition(months[-1] if months else ""), part_name(name, part)


def ledger_partition(month: str) -> str:
    """The partition of files with this month in their names; "" for those without."""
    return f"#files#{month}" if month else "#files"


def part_name(name: str, part: int) -> str:
    """The name of a log file's part in the ledger and in views; the first part has the file's name."""
    return f"{name}#{part:05}" if part else name


def month_of(partition: str) -> str:
    """The month of a ledger partition; "" for none."""
    return partition.removeprefix("#files").removeprefix("#")


def commit_of(item: Item) -> int:
    """The number of an item's last commit; 0 for none."""
    return int(item[COMMIT]["N"]) if COMMIT in item else 0


def content_of(items: Iterable[Item]) -> bytes:
    """The content of items, in order, joined."""
    return b"".join(bytes(item[CONTENT]["B"]) for item in items)


def token_key(name: str) -> Key:
    """The key of a token's hash."""
    return TOKENS, _fit(name, LONGEST_SORT_KEY)


def annotation_key(site: str, day: str, text: str) -> Key:
    """The key of an annotation."""
    return ANNOTATIONS, f"{day}#{_hash(f'{site}#{text}')}"


def read_value(value: Mapping[str, Any]) -> Value:
    """An attribute as a Python value; DynamoDB returns numbers as text, with fractions if another program wrote them so."""
    if "N" in value:
        number = Decimal(value["N"])
        return int(number) if number == int(number) else str(number)
    return str(next(iter(value.values())))


def day_attribute(day: str, dimension: str) -> str:
    """
    The attribute of a tally that counts a day.

    >>> day_attribute("2026-11-22", "page"), day_attribute("2026-11-22", "entry")
    ('D22', 'A22')
    """
    _, begins = BESIDE.get(dimension, (dimension, COUNTED))
    return f"{begins}{day[8:]}"


def _not_ours(name: str) -> str:
    """A name from a log or a person; keys that begin with `#` are footfall's own, and must not be overwritten."""
    return _HASH + name[1:] if name.startswith("#") else name


def _fit(text: str, most_bytes: int) -> str:
    """`text` if it fits, else its beginning and a hash of all of it, so that different texts stay different."""
    if len(text) * 4 <= most_bytes or len(text.encode()) <= most_bytes:
        return text
    kept = text.encode()[: most_bytes - 17].decode("utf-8", "ignore")
    return f"{kept}#{_hash(text)}"


def _hash(text: str) -> str:
    return blake2b(text.encode(), digest_size=8).hexdigest()
