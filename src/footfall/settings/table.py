"""SETTINGS: what owners can set. A new setting is a new row."""

from collections.abc import Callable
from typing import Any, NamedTuple

from ..items import DEFAULT_ITEM
from .notices import read_notices
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
    """Parses the value from the file, or text from the environment or a flag; raises ConfigError."""
    help: str
    """One line, for the command line and footfall.toml."""
    about: str
    """More detail, for the reference page."""


SETTINGS: dict[str, Setting] = {
    "store": Setting(
        "sqlite:footfall.db",
        read_store,
        "Where counts are stored: sqlite:FILE, or dynamodb:TABLE.",
        about="A relative path after `sqlite:` starts from the folder that footfall runs in, and `~` is your home folder: "
        "`sqlite:~/footfall.db`. "
        "`dynamodb:TABLE` takes `?region=eu-west-1`, and `&endpoint=http://127.0.0.1:8000` for an emulator; without them, "
        "AWS's own configuration and environment variables apply. See [the table](data-model.md).",
    ),
    "logs": Setting(
        "",
        read_logs,
        "Where the logs are: s3://bucket/prefix, or a folder.",
        about="The default source of `footfall sweep`, `footfall recount` and `footfall doctor`.",
    ),
    "sites": Setting(
        [],
        read_sites,
        "Buckets or hosts to count; default: all.",
        about="A line counts if its bucket or its host header is one of these; all others are dropped as `other site`. For a "
        "URL such as `https://www.example.org/`, the host is used; a URL with a path is refused. A report covers one site: "
        "the one named here, or the one you choose with `--site`.",
    ),
    "time_zone": Setting(
        "UTC",
        read_time_zone,
        "The time zone of days: Europe/Berlin.",
        about="A name from the IANA database. A store keeps the time zone it was created with, and refuses imports with "
        "another. Use the same one for reports: it also determines what `today` is, and the day of each single view.",
    ),
    "format": Setting(
        "auto",
        read_log_format,
        "The format of the logs.",
        about="`auto` recognizes each file by its first bytes, so a folder can mix formats. See [formats](formats.md).",
    ),
    "index_documents": Setting(
        ["index.html"],
        read_documents,
        "File names that are served for a folder.",
        about="They are removed from page names: with `index.html`, the key `blog/index.html` is the page `blog`.",
    ),
    "clean_urls": Setting(
        False,
        read_truth,
        "Count names without an extension as pages: /about.",
        about="Only for logs without content types, such as S3's and most web servers'; if a log has them, as CloudFront's "
        "does, the type decides. Feeds (`/feed`, `/rss`, `/atom`) and anything below `/api/` are not pages.",
    ),
    "single_page_app": Setting(
        False,
        read_truth,
        "Count such names even if the answer was 404 or 403.",
        about="For apps that render their pages in the browser, and whose server returns the same document for every URL: a "
        "name without an extension is then a page whether the log says 200, 403 or 404, and also if CloudFront answers errors "
        "with a custom page.",
    ),
    "own_hosts": Setting(
        [],
        read_sites,
        "Other hosts of your site; links from them are (internal).",
        about="With or without `www.`; a URL works, too. The bucket, the host header and the `sites` are already known to be "
        "yours.",
    ),
    "exclude_paths": Setting(
        [],
        read_page_patterns,
        "Pages to leave out, as shell patterns: drafts/*.",
        about="Matched against the whole [page name](reasons.md#page-names), so `drafts/*` leaves out everything below "
        "`drafts` but not the page `drafts` itself. Leading and trailing slashes do not matter; `*` also matches slashes. A "
        "key or a path works too: `admin/index.html`, `/caf%C3%A9/`.",
    ),
    "exclude_addresses": Setting(
        [],
        read_networks,
        "Visitors to leave out: addresses or CIDR ranges.",
        about="IPv4 and IPv6, single addresses and ranges.",
    ),
    "bots": Setting(
        [],
        read_patterns,
        "Additional bots: regular expressions for user agents.",
        about="They are case-insensitive and match anywhere in the user agent. They add to the built-in list; they cannot "
        "remove bots from it.",
    ),
    "visitors": Setting(
        True,
        read_truth,
        "Count visitors: each address and user agent once a day.",
        about="Hashes of a day's visitors are kept until the day is closed, a week after its end and its last log file. They "
        "are then deleted together with their key, and only the number remains. With `false`, nothing is computed or stored, "
        "and the visitors of these days can never be counted. See [privacy](../how-to/privacy.md#visitors).",
    ),
    "suspected_bots": Setting(
        True,
        read_truth,
        "Detect visitors who load no picture, style or script.",
        about="They are shown as [suspected bots](../how-to/bots.md#suspected-bots), and still count as visitors. With "
        "`false`, or without `visitors`, none of this is computed or stored: turn it off if another server serves these "
        "files, or if a log has many requests for files and few for pages.",
    ),
    "country_data": Setting(
        "",
        read_country_data,
        "Your own country database, an .mmdb file.",
        about="Used instead of the package that the extra `footfall[countries]` installs; the extra is required in either "
        "case. GeoLite2, DB-IP Lite, IPinfo Lite and similar databases work, by country or city. `c-country` in CloudFront's "
        "log takes precedence. See [countries](../how-to/countries.md).",
    ),
    "mask_addresses": Setting(
        False,
        read_truth,
        "Before storing, zero the last octet (IPv4) or all but /48 (IPv6).",
        about="`198.51.100.7` is stored as `198.51.100.0`, `2001:db8:1:2::3` as `2001:db8:1::`. "
        "`exclude_addresses` still uses the whole address.",
    ),
    "keep_views": Setting(
        True,
        read_truth,
        "Store each view, not only counts.",
        about="With `false`, `footfall views` has nothing to show, there is no hourly history of a page, and a record in two "
        "files counts twice, since duplicates are found by comparing with stored views.",
    ),
    "keep_views_days": Setting(
        "",
        read_days,
        "Delete stored views after N days; counts are kept. Unset: keep both.",
        about="Older views are no longer shown. In SQLite, the next import deletes them; DynamoDB does so within a few days. "
        "A view that is already too old when it is imported is kept for a day, so that its duplicates are found. SQLite also "
        "measures age by the newest log, so that a clock that temporarily runs ahead deletes nothing.",
    ),
    "public": Setting(
        [],
        read_paths,
        "Endpoints that need no token: /pagetotals, or /pagetotals?prefix=blog/.",
        about="Each is an endpoint's path, optionally with `?prefix=`, which opens it only for pages with that prefix: "
        '`public = ["/pagetotals?prefix=blog/", "/pagehistory?prefix=blog/"]`. '
        "`dashboard` opens everything that the [dashboard](../how-to/dashboard.md) needs, and `/counter` the counters. "
        "Everything else requires a [token](../how-to/tokens.md). `/api/v1/views` shows who came and when, and is never "
        "public.",
    ),
    "cors_origins": Setting(
        [],
        read_origins,
        "Origins whose pages may read answers (CORS): https://www.example.org.",
        about="Written as browsers send them: scheme and host, without path or trailing slash. Pages of other origins cannot "
        "read answers, even public ones.",
    ),
    "embed_origins": Setting(
        [],
        read_origins,
        "Origins whose pages may show the dashboard in a frame: https://www.example.org.",
        about="Written like `cors_origins`, which a frame does not need. Browsers refuse to show it in pages of other origins. "
        "It is [the view at `/embed`](../how-to/embed.md); the dashboard itself is never shown in a frame.",
    ),
    "dimensions": Setting(
        {},
        read_dimensions,
        "Dimensions to turn on or off, such as browser_version = true.",
        about="A [dimension](dimensions.md) that is `false` is neither computed nor stored, which saves [its "
        "cost](../why/cost.md#save-costs); `browser_version` and `system_version` are `false` by default. It has no panel, "
        "and reports on it are empty and say so. `page`, `hour` and `status` cannot be turned off, since others are derived "
        "from them; `source` depends on `referrer`, and arrivals need `entry`. `[item]` can still store such a field. "
        "`footfall recount` applies the change to earlier days too.",
    ),
    "digest": Setting(
        {},
        read_notices,
        "What to send, and where: period, to, alerts.",
        about="`period` is `day`, `week` (the default) or `month`; `to` is the URL of a webhook or the ARN of an SNS topic. "
        "`footfall digest --send` and the function in AWS [send it there once](../how-to/digest.md). The function also sends "
        "[alerts](../how-to/digest.md#alerts), unless `alerts` is `false`.",
    ),
    "item": Setting(
        DEFAULT_ITEM,
        read_item,
        "What is stored for each view: attribute names and templates.",
        about="The first attribute is the partition key; it must contain `{page}` and may also contain `{site}`, but no other "
        "field. The second is the sort key, a string that begins with `{epoch}`. See [below](#item).",
    ),
}
