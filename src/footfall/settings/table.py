"""SETTINGS: what an owner can set. A new setting is a new row."""

from collections.abc import Callable
from typing import Any, NamedTuple

from ..items import DEFAULT_ITEM
from .values import (
    read_country_data,
    read_days,
    read_dimensions,
    read_documents,
    read_item,
    read_log_format,
    read_logs,
    read_networks,
    read_origins,
    read_page_patterns,
    read_paths,
    read_patterns,
    read_sites,
    read_store,
    read_time_zone,
    read_truth,
)


class Setting(NamedTuple):
    """One thing that an owner can set."""

    default: Any
    read: Callable[[str, Any], Any]
    """From the value as written, or as text from the environment or a flag, to the setting's own; raises ConfigError."""
    help: str
    """One line, for the command line and footfall.toml."""
    about: str
    """What a line has no room for, for the reference page."""


SETTINGS: dict[str, Setting] = {
    "store": Setting(
        "sqlite:footfall.db",
        read_store,
        "Where counts stay: sqlite:FILE, or dynamodb:TABLE.",
        about="A relative path after `sqlite:` begins in the folder that footfall runs in, and `~` is your home folder: "
        "`sqlite:~/footfall.db`. "
        "`dynamodb:TABLE` takes `?region=eu-west-1`, and `&endpoint=http://127.0.0.1:8000` for an emulator; without them, "
        "AWS's own configuration and variables decide. See [the table](data-model.md).",
    ),
    "logs": Setting(
        "",
        read_logs,
        "Where the logs lie: s3://bucket/prefix, or a folder.",
        about="What `footfall sweep` looks through, and `footfall doctor` looks at, when they are given nothing else.",
    ),
    "sites": Setting(
        [],
        read_sites,
        "Buckets or hosts that count; none named, all do.",
        about="A line counts when its bucket or its host header is one of them; all others are dropped as `other "
        "site`. Of an address such as `https://www.example.org/` the host is taken; one with a path is refused. A report is "
        "about one site: with one name here, about that one; `--site` of a report chooses another.",
    ),
    "time_zone": Setting(
        "UTC",
        read_time_zone,
        "Where a day begins and ends: Europe/Berlin.",
        about="A name of the IANA database. A store keeps to the time zone that it began with, and an import under "
        "another is refused. Ask reports under the same one: it also decides what `today` is and where the "
        "days of single views end.",
    ),
    "format": Setting(
        "auto",
        read_log_format,
        "How the logs are written.",
        about="`auto` finds out for each file, by how it begins: one folder may have several. See [formats](formats.md).",
    ),
    "index_documents": Setting(
        ["index.html"],
        read_documents,
        "What is served for a folder.",
        about="Their names are cut off the names of pages: with `index.html`, the key `blog/index.html` is the page `blog`.",
    ),
    "clean_urls": Setting(
        False,
        read_truth,
        "Whether names without an ending are pages: /about.",
        about="Only for logs that keep no content types, as S3's and web servers' do not; where they do, as in CloudFront's, "
        "the type tells. Feeds (`/feed`, `/rss`, `/atom`) and what is below `/api/` are no pages.",
    ),
    "single_page_app": Setting(
        False,
        read_truth,
        "Whether they are pages even where nothing was found (404, 403).",
        about="For apps that show their pages in the browser, and whose host answers every address with the same document: "
        "a name without an ending is then a page whether the log says 200, 403 or 404, and also where CloudFront answers "
        "errors with a page of its own.",
    ),
    "own_hosts": Setting(
        [],
        read_sites,
        "More hosts of the site, whose links are (internal).",
        about="With or without `www.`, also as an address. "
        "The bucket, the host header and the `sites` are known to be your own already.",
    ),
    "exclude_paths": Setting(
        [],
        read_page_patterns,
        "Pages that do not count, as shell patterns: drafts/*.",
        about="Matched with the whole [page name](reasons.md#page-names), so `drafts/*` leaves out all that lies "
        "below `drafts` but not the page `drafts` itself. Slashes at the ends do not matter; `*` reaches "
        "over slashes. A key or a path do as well: `admin/index.html`, `/caf%C3%A9/`.",
    ),
    "exclude_addresses": Setting(
        [],
        read_networks,
        "Visitors that do not count: addresses or CIDR ranges.",
        about="IPv4 and IPv6, single or as ranges.",
    ),
    "bots": Setting(
        [],
        read_patterns,
        "More bots: regular expressions searched in the user agent.",
        about="Without regard to case, anywhere in the user agent, beside the kept list. They can only add bots.",
    ),
    "visitors": Setting(
        True,
        read_truth,
        "Count visitors: each address and user agent once a day.",
        about="Until a day is closed, a week after its end and its last log file, hashes of its visitors are kept, with a key "
        "that is destroyed then; the number stays. With `false`, nothing of it is computed or kept, and the visitors of these "
        "days are never known. See [privacy](../how-to/privacy.md#visitors).",
    ),
    "country_data": Setting(
        "",
        read_country_data,
        "Your own database of countries: an .mmdb file.",
        about="Addresses are looked up in it instead of in the package that the extra `footfall[countries]` installs; the "
        "extra is needed for both. Databases such as GeoLite2, DB-IP Lite and IPinfo Lite can be read, by country or by city. "
        "Where CloudFront's log has `c-country`, that is used. See [countries](../how-to/countries.md).",
    ),
    "mask_addresses": Setting(
        False,
        read_truth,
        "Zero the last octet (IPv4) or all but /48 (IPv6) before storing.",
        about="`198.51.100.7` is stored as `198.51.100.0`, `2001:db8:1:2::3` as `2001:db8:1::`. "
        "`exclude_addresses` still sees the whole address.",
    ),
    "keep_views": Setting(
        True,
        read_truth,
        "Keep the views themselves beside their counts.",
        about="With `false`, `footfall views` has nothing to show, a page has no history by the hour, and a record "
        "that came in two files counts twice, as duplicates are found by the views that are kept.",
    ),
    "keep_views_days": Setting(
        "",
        read_days,
        "Keep views for so many days, counts for ever; unset, both for ever.",
        about="They are no longer shown then, and deleted by SQLite's next import after it, by DynamoDB within "
        "some days. A view that is older already when it is imported stays for a day, so that its duplicates "
        "are found. SQLite deletes only what is that much older than the newest log, too, so that a clock that is "
        "ahead for a while forgets nothing.",
    ),
    "public": Setting(
        [],
        read_paths,
        "What needs no token over HTTP: /pagetotals, or /pagetotals?prefix=blog/.",
        about="Each is an endpoint's path, perhaps with `?prefix=`, which opens it for pages that begin so, and "
        'for no others: `public = ["/pagetotals?prefix=blog/", "/pagehistory?prefix=blog/"]`. `dashboard` opens all that the '
        "[dashboard](../how-to/dashboard.md) asks, and `/counter` the counters. Everything "
        "else wants a [token](../how-to/tokens.md). `/api/v1/views` shows who came and when, and is never "
        "public.",
    ),
    "cors_origins": Setting(
        [],
        read_origins,
        "Whose pages may ask over HTTP: https://www.example.org.",
        about="As browsers send them: scheme and host, without a path and without a slash at the end. A page of "
        "any other origin cannot read the answers, public or not.",
    ),
    "dimensions": Setting(
        {},
        read_dimensions,
        "What to count by, and what not: browser_version = true.",
        about="Each [dimension](dimensions.md) that is `false`, as `browser_version` and `system_version` are unless you say "
        "`true`, is neither found out nor stored, which saves [what it costs](../why/cost.md#less-of-it). It has no panel, and "
        "reports by it are empty and say so. `page`, `hour` and `status` stay, as others are read from them; `source` goes "
        "with `referrer`, and without `entry` arrivals are not known. `[item]` may keep such a field all the same. "
        "`footfall recount` brings it into effect for earlier days, too.",
    ),
    "item": Setting(
        DEFAULT_ITEM,
        read_item,
        "What is stored of a view: attribute names and templates.",
        about="The first attribute is the partition key, made of `{page}` and `{site}` only, and of `{page}` at "
        "least. The second is the sort key, a text that begins with `{epoch}`. See [below](#item).",
    ),
}
