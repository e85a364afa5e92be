"""
The schema of a database, and its migrations.

    files   the ledger: a row for each part of each log file, with its account, the fingerprint of the rules that it was
            counted under, and what it added to the tally
    tally   how often each value of each dimension occurred on each day
    months  the same for whole months, so that years are added up faster
    visitors  how many visitors each day had, with its key and their hashes while it is open
    views   the page views, by time, with the values of their dimensions and the fields that [item] names, each in a column
            of that name
    items   what was imported from another table, see imported
    copied  the record ids of views that were copied from a store without all parts of them
    tokens  access tokens
    annotations  the owner's notes of what happened on days of a site
    notices  what was sent to the owner, or is claimed by a run that is sending it
    texts   texts that repeat (pages, user agents, referrers), each once; the SQL view `page_views` shows them
"""

import sqlite3
from collections.abc import Iterable

from ...dimensions import FILTER_FIELDS
from ...items import is_unique

APPLICATION_ID = 0x666F6F74  # "foot": identifies such a database, also to `file`
# The first version, unchanged: every database, even a new one, is brought from there to today's by UPGRADES.
FIRST = """
CREATE TABLE files (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    part INTEGER NOT NULL,
    is_last INTEGER NOT NULL,
    size INTEGER NOT NULL,          -- bytes, decompressed
    sha256 TEXT NOT NULL,
    first_time INTEGER,             -- seconds since the epoch, as all times
    last_time INTEGER,
    ingested_at INTEGER NOT NULL,
    lines INTEGER NOT NULL,         -- lines = views + dropped + unreadable
    views INTEGER NOT NULL,
    dropped TEXT NOT NULL,          -- JSON: lines by reason
    unreadable INTEGER NOT NULL,
    UNIQUE (name, part)
);
CREATE TABLE tally (
    site TEXT NOT NULL,
    dimension TEXT NOT NULL,
    day TEXT NOT NULL,              -- 2026-10-20, in the time zone of `settings`
    value TEXT NOT NULL,
    views INTEGER NOT NULL,
    PRIMARY KEY (site, dimension, day, value)
) WITHOUT ROWID;
CREATE TABLE texts (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE views (
    time INTEGER NOT NULL,
    request_id TEXT NOT NULL,
    operation INTEGER NOT NULL,     -- these four refer to texts
    key INTEGER NOT NULL,
    site INTEGER NOT NULL,
    page INTEGER NOT NULL,
    file INTEGER NOT NULL,          -- refers to files
    day INTEGER,                    -- from here on, INTEGER refers to texts
    hour INTEGER,
    referrer_host INTEGER,
    browser INTEGER,
    system INTEGER,
    bucket_owner INTEGER,
    bucket INTEGER,
    remote_ip,
    requester INTEGER,
    request_uri,
    http_status,
    error_code INTEGER,
    bytes_sent,
    object_size,
    total_time,
    turn_around_time,
    referrer INTEGER,
    user_agent INTEGER,
    version_id,
    host_id,
    signature_version INTEGER,
    cipher_suite INTEGER,
    authentication_type INTEGER,
    host_header INTEGER,
    tls_version INTEGER,
    access_point_arn INTEGER,
    acl_required INTEGER,
    source_region INTEGER,
    PRIMARY KEY (time, request_id, operation, key)
) WITHOUT ROWID;
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
# By the version that each makes. A database is upgraded in place when it is opened for writing.
UPGRADES = {
    2: """
CREATE TABLE tokens (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL, created_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX files_by_last_time ON files (last_time);
""",
    3: """
CREATE TABLE items (
    time INTEGER NOT NULL,
    id TEXT NOT NULL,
    site INTEGER NOT NULL,          -- these two refer to texts, as do the last two
    page INTEGER NOT NULL,
    request_id TEXT,                -- of the record that is the same view
    operation INTEGER,
    key INTEGER,
    PRIMARY KEY (time, id)
) WITHOUT ROWID
""",
    4: """
ALTER TABLE files ADD COLUMN rules TEXT;
ALTER TABLE files ADD COLUMN added BLOB;
""",
    5: """
ALTER TABLE files ADD COLUMN stored_size INTEGER;
""",
    6: """
CREATE TABLE months (
    site TEXT NOT NULL,
    dimension TEXT NOT NULL,
    month TEXT NOT NULL,            -- 2026-10
    value TEXT NOT NULL,
    views INTEGER NOT NULL,         -- the sum of the tally's
    PRIMARY KEY (site, dimension, month, value)
) WITHOUT ROWID;
INSERT INTO months SELECT site, dimension, substr(day, 1, 7), value, sum(views) FROM tally GROUP BY 1, 2, 3, 4;
""",
    7: """
CREATE TABLE visitors (
    site TEXT NOT NULL,
    day TEXT NOT NULL,
    visitors INTEGER NOT NULL,      -- how many there were
    key BLOB,                       -- that they are hashed with; none once the day is closed, as of the next two
    hashes BLOB,                    -- of them, see hyperloglog
    changed_at INTEGER,             -- when the last of them was added
    PRIMARY KEY (site, day)
);
ALTER TABLE files ADD COLUMN late_visitors INTEGER;
""",
    8: """
CREATE TABLE copied (
    record TEXT PRIMARY KEY,        -- see contents.record_id
    time INTEGER NOT NULL,          -- these four are the primary key of `views`
    request_id TEXT NOT NULL,
    operation INTEGER NOT NULL,
    key INTEGER NOT NULL,
    UNIQUE (time, request_id, operation, key)
) WITHOUT ROWID;
""",
    9: """
CREATE TABLE notices (
    key TEXT PRIMARY KEY,
    claimed_by TEXT NOT NULL,       -- by which run
    claimed_at INTEGER NOT NULL,    -- 0 once it is given back
    delivered_at INTEGER
) WITHOUT ROWID;
""",
    10: """
-- How many of them loaded a file of the pages (NULL: not kept), came from a search engine, and did both.
ALTER TABLE visitors ADD COLUMN loaded INTEGER;
ALTER TABLE visitors ADD COLUMN from_search INTEGER;
ALTER TABLE visitors ADD COLUMN from_search_loaded INTEGER;
-- What they did, see signs; none once the day is closed.
ALTER TABLE visitors ADD COLUMN signs BLOB;
""",
    11: """
CREATE TABLE annotations (
    site TEXT NOT NULL,
    day TEXT NOT NULL,              -- 2026-10-20
    text TEXT NOT NULL,
    PRIMARY KEY (site, day, text)
) WITHOUT ROWID;
""",
}
SCHEMA_VERSION = max(UPGRADES)
# The versions that introduced them.
WITH_TOKENS, WITH_ITEMS, WITH_ADDITIONS, WITH_STORED_SIZES, WITH_MONTHS, WITH_VISITORS = 2, 3, 4, 5, 6, 7
WITH_COPIED, WITH_NOTICES, WITH_SIGNS, WITH_ANNOTATIONS = 8, 9, 10, 11

# The columns of every view; the others are the fields that [item] names, or once named.
OF_EVERY_VIEW = ("time", "request_id", "operation", "key", "site", "page", "file")
OF_TEXTS = ("operation", "key", "site", "page")


def upgrade(connection: sqlite3.Connection, version: int) -> None:
    """Upgrade a database from this version, 0 for an empty one, to today's; within the caller's transaction."""
    if not version:
        _run(connection, FIRST)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    for next_version, statements in UPGRADES.items():
        if next_version > version:
            _run(connection, statements)
    if version < SCHEMA_VERSION:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def add_fields(connection: sqlite3.Connection, fields: Iterable[str]) -> None:
    """Give `views` a column for each field that it lacks, including those for filters, and show them all in `page_views`."""
    there = field_columns(connection)
    names = {name.lower() for name in there}  # SQLite ignores case in names
    for name in dict.fromkeys((*fields, *FILTER_FIELDS)):
        if name.lower() not in names:
            connection.execute(f"ALTER TABLE views ADD COLUMN {quoted(name)} {'' if is_unique(name) else 'INTEGER'}")
    columns = field_columns(connection)
    if columns != there or not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'page_views'").fetchone():
        connection.execute("DROP VIEW IF EXISTS page_views")
        connection.execute(_page_views(columns))


def field_columns(connection: sqlite3.Connection) -> dict[str, bool]:
    """The columns of `views` for fields, and whether each refers to texts."""
    columns = {name: kind == "INTEGER" for _, name, kind, *_ in connection.execute("PRAGMA table_info(views)")}
    return {name: refers for name, refers in columns.items() if name not in OF_EVERY_VIEW}


def shown(name: str, refers: bool) -> str:
    """An SQL expression that shows a column of `views`."""
    return f"(SELECT text FROM texts WHERE id = views.{quoted(name)})" if refers else quoted(name)


def quoted(name: str) -> str:
    """A field's name, quoted as a column: some contain spaces and brackets."""
    return '"' + name.replace('"', '""') + '"'


def _page_views(columns: dict[str, bool]) -> str:
    texts = [(name, True) for name in OF_TEXTS]
    texts += [row for row in columns.items() if row[1]]
    others = [row for row in columns.items() if not row[1]]
    every = ",\n    ".join(f"{shown(*row)} AS {quoted(row[0])}" for row in [*texts, *others])
    return f"CREATE VIEW page_views AS SELECT\n    datetime(time, 'unixepoch') AS time, request_id,\n    {every}\nFROM views"


def _run(connection: sqlite3.Connection, statements: str) -> None:
    for statement in statements.split(";\n"):
        if statement.strip():
            connection.execute(statement)
