"""
Write the pages of docs/reference that follow from footfall's tables:

    .venv/bin/python docs/generate.py

cli.md from the commands, settings.md from SETTINGS, dimensions.md from DIMENSIONS and MEASURES, reasons.md from DROP_WHEN,
formats.md from FORMATS, api.md from ENDPOINTS. The sentence of a row is its `about`; what rows cannot say stands below, by the
same names. tests/test_docs.py names each row without a sentence, and finds pages that were not written again.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from textwrap import fill
from typing import Any

import click

from footfall.api.endpoints import ENDPOINTS
from footfall.api.openapi import ERRORS
from footfall.api.parameters import PARAMETERS
from footfall.cli import cli
from footfall.cli.options import SERVING_FLAGS, SETTING_FLAGS
from footfall.dimensions import DIMENSIONS, LONGEST_VALUE, MOST_VALUES, OTHER, UNCOUNTED
from footfall.formats import FORMATS
from footfall.items import OF_EVERY_VIEW, OF_SOME
from footfall.measures import MEASURES, measures_of
from footfall.pageviews.rules import DROP_WHEN, DUPLICATE, REASONS
from footfall.records import Request
from footfall.settings import SETTINGS, TABLE_VARIABLE

REFERENCE = Path(__file__).parent / "reference"
NOTE = "<!-- Written by docs/generate.py from the tables in src/footfall; change it there. -->"

# One or more calls of each command; the tests run them in this order, on the sample logs of this folder.
EXAMPLES: Mapping[str, Sequence[str]] = {
    "import": (
        "footfall import --dry-run docs/sample-logs",
        "footfall import docs/sample-logs",
        "footfall import --since 2026-10-21 --rejects unreadable.txt 'docs/sample-logs/*'",
        "cat docs/sample-logs/* | footfall import --store sqlite:other.db -",
    ),
    "pages": ("footfall pages --period 2026-10", "footfall pages --prefix blog/articles/ --limit 5 --csv"),
    "top": ("footfall top referrer", "footfall top not_found --start 2026-10-20 --json"),
    "history": ("footfall history --by week", "footfall history /blog/articles/counting-without-cookies/ --by hour"),
    "views": ("footfall views / --limit 3", "footfall views docs/install.html --json"),
    "explain": ("head -1 docs/sample-logs/2026-10-22-16-* | footfall explain -", "footfall explain --json docs/sample-logs"),
    "status": ("footfall status", "footfall status --json"),
    "sweep": ("footfall sweep docs/sample-logs", "footfall sweep docs/sample-logs --json"),
    "doctor": ("footfall doctor --logs docs/sample-logs", "footfall doctor --logs docs/sample-logs --json"),
    "table create": ("footfall table create --store 'dynamodb:PageViews?region=eu-west-1'",),
    "table info": ("footfall table info --store 'dynamodb:PageViews?region=eu-west-1' --json",),
    "serve": ("footfall serve", "footfall serve --host 192.0.2.10 --public '/pagetotals?prefix=blog/'"),
    "token add": ("footfall token add dashboard",),
    "token list": ("footfall token list", "footfall token list --json"),
    "token revoke": ("footfall token revoke dashboard",),
    "init": ("footfall init", "footfall init --force"),
    "demo": ("footfall demo --no-serve", "footfall demo --no-serve --folder my-demo"),
}

# These want an AWS account, or run until they are ended, so no test runs them as they stand here.
NOT_RUN = ("table create", "table info", "serve")

# The sentences of rows that have none of their own (`about`).
ON_DIMENSIONS: Mapping[str, str] = {
    "page": "The page's name, decoded: `blog/articles/a`; the root is `/`.",
    "hour": "The hour of the day in the site's time zone, `00` to `23`.",
    "referrer": "The host that the reader came from, in lower case and without `www.`. `(direct)`: the browser named none; "
    "`(internal)`: a page of your own; `(unknown)`: a text that names no host.",
    "browser": "By ua-parser; telephones' browsers go by the name of their desktop sister. `(unknown)`: none that it knows.",
    "system": "The operating system, by ua-parser; Linux distributions are `Linux`. `(unknown)`: none that it knows.",
    "status": "The HTTP status of views, and of visitors' requests that are no views.",
    "not_found": "The key that was asked for, decoded, when the answer was 404 or 403.",
    "bot": "The bot's name as its user agent tells it; `(no user agent)` where there was none. Only reads of pages that would "
    "have counted for a person.",
}

ON_REASONS: Mapping[str, str] = {
    "other site": "Neither bucket nor host header is one of the configured `sites`.",
    "not a read": "The operation is neither `WEBSITE.GET.OBJECT` nor `REST.GET.OBJECT`, compared whole: an upload, a copy, a "
    "HEAD, a batch delete, the lifecycle at work.",
    "signed": "The request carried credentials: your own tools, or a CDN that fetches; no visitor.",
    "redirect": "301, 302, 307 or 308. The visitor's next request is the one that counts.",
    "not found": "404 or 403. S3 says 403 for a missing key where listing is not allowed.",
    "partial": "206: a piece of a video or of a PDF.",
    "failed": "Any other status than 200 and 304, or none.",
    "not a page": "The key is no index document, does not end in `.html` or `.htm`, and is no folder (`/` at its end): "
    "pictures, style sheets, feeds.",
    "excluded": "The page matches one of `exclude_paths`, or the address lies in one of `exclude_addresses`.",
    "bot": "The user agent is absent, on the kept list, or matches one of `bots`.",
    DUPLICATE: "The same record again: request id, operation, key and time are equal, in this file or in one that was counted "
    "before. A count of duplicates is of views only.",
}

ON_FORMATS: Mapping[str, str] = {
    "s3": "Server access logging of a general purpose bucket, as text: 17 to 27 fields; what AWS appends later is passed over. "
    "Quotes that a client sent inside request URI, referrer or user agent, requesters with blanks, bytes that are not UTF-8, "
    "Windows line ends and blank lines are all read.",
}


def pages() -> dict[str, str]:
    """Every generated page, by its file name."""
    return {
        "cli.md": _cli(),
        "settings.md": _settings(),
        "dimensions.md": _dimensions(),
        "reasons.md": _reasons(),
        "formats.md": _formats(),
        "api.md": _api(),
    }


def _page(title: str, *parts: str) -> str:
    return "\n\n".join([f"# {title}", NOTE, *map(_wrapped, parts)]) + "\n"


def _wrapped(part: str) -> str:
    """A paragraph in lines of a length that a change shows well; a table, code or a heading as it is."""
    if part.startswith(("|", "```", "#")):
        return part
    return fill(part, 120, break_long_words=False, break_on_hyphens=False)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    cells = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in [header, ["---"] * len(header), *cells])


def _code(text: str) -> str:
    return f"`{text}`"


def _cli() -> str:
    context = click.Context(cli, info_name="footfall", **cli.context_settings)
    everywhere = cli.get_params(context)
    shared = {flag for option in everywhere for flag in option.opts}
    parts = [
        "Answers go to stdout, everything else to stderr. Exit code 0: done; 1: something that the message says how to mend; "
        "2: bad usage. [All messages](errors.md).",
        "## Everywhere",
        "Before the command's name or after it (`demo` and `init` take them before it only, and heed `--config` alone):",
        _options(everywhere, context),
    ]
    for name, command in commands().items():
        inner = click.Context(command, info_name=name, parent=context)
        own = [param for param in command.get_params(inner) if not shared.intersection(param.opts)]
        usage = " ".join(["footfall", name, *command.collect_usage_pieces(inner)])
        parts += [f"## {name}", f"`{usage}`", " ".join((command.help or "").split())]
        if any(isinstance(param, click.Option) for param in own):
            parts.append(_options(own, inner))
        parts.append(
            "\n".join([f"```{'sh' if name in NOT_RUN else 'console'}", *(f"$ {example}" for example in EXAMPLES[name]), "```"])
        )
    parts += [
        "## Periods",
        "`--start`, `--end`, `--period`, `--since` and `--until` take a day or a longer period, in the site's time zone: "
        "`2022-10-20`, `2022-10`, `2022`, `today`, `yesterday`, `7d` (today and the six days before), `month` and `year` (the "
        "whole current one). Both ends count.",
        "`--since` and `--until` look at the day in a file's name, in UTC, which as a rule is the day that S3 delivered it. "
        "Files without such a name are always read.",
        "## CSV",
        "Of `--csv`, and of `format=csv` over HTTP: a line with the names of the columns, then the rows, as RFC 4180 has it. A "
        "text that begins with `=`, `+`, `-`, `@`, a tab or a carriage return has a `'` before it, so that no spreadsheet runs "
        "what a stranger asked for as a formula. In JSON every text is as it was.",
    ]
    return _page("The command line", *parts)


def commands() -> dict[str, click.Command]:
    """Every command, those of a group by both names."""
    found: dict[str, click.Command] = {}
    for name, command in cli.commands.items():
        inner = command.commands.items() if isinstance(command, click.Group) else ()
        found |= {f"{name} {part}": each for part, each in inner} or {name: command}
    return found


def _options(params: Iterable[click.Parameter], context: click.Context) -> str:
    records = [param.get_help_record(context) for param in params if isinstance(param, click.Option)]
    return _table(("option", "what it does"), ((_code(flag), told) for flag, told in filter(None, records)))


def _settings() -> str:
    flags = SETTING_FLAGS | SERVING_FLAGS | {"store": "--store", "sites": "--site", "logs": "what sweep is given"}
    parts = [
        "A setting is a key of `footfall.toml`, a variable of the environment, and a flag of `footfall import` and "
        "`footfall explain`, or of `footfall serve`; the later one of these three wins. `footfall init` writes a "
        "`footfall.toml` with every setting as a comment. Another file is named by `--config` or by the "
        "variable `FOOTFALL_CONFIG`.",
        "A key or a `FOOTFALL_` variable that is none is refused, with the nearest right name. Lists are written with commas "
        "in variables and flags; `--site` is repeated instead.",
        f"In AWS the functions have their table from the variable `{TABLE_VARIABLE}`: `dynamodb:` and its value is the store "
        "unless one is set.",
        "Counts are made when logs are imported: a setting that is changed later holds for files that are imported later. To "
        "count old files anew, import them into a new store.",
    ]
    parts.append(
        _table(
            ("setting", "default", "variable", "flag"),
            (
                (
                    f"[`{name}`](#{name})",
                    "see below" if isinstance(row.default, Mapping) else _code(_toml(row.default)),
                    _code(f"FOOTFALL_{name.upper()}"),
                    _code(flags[name]),
                )
                for name, row in SETTINGS.items()
            ),
        )
    )
    for name, row in SETTINGS.items():
        parts += [f"## {name}", f"{row.help} {row.about}"]
    parts += [
        "\n".join(
            ["```toml", "[item]", *(f"{name} = {_toml(text)}" for name, text in SETTINGS["item"].default.items()), "```"]
        ),
        'A template is text with fields in braces. `type = "N"` stores a number, `"S"`, the default, a text. An attribute '
        "with a field that is absent from a view is left out of its item, and so is a number of more than 38 digits. In a "
        'variable or a flag the table is written in one line: `{ PageName = "{page}", SortKey = "{epoch}#{request_id}" }`.',
        f"Fields of every view: {_list(OF_EVERY_VIEW)}. `epoch` is in seconds, `time` the same as `2022-10-20T08:49:42Z`.",
        f"Fields that a view may lack: {_list(OF_SOME)}.",
        "SQLite keeps of each view the fields that the templates name, beside time, request id, operation, key, site and page. "
        "What no template names is not kept.",
    ]
    return _page("Settings", *parts)


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_toml(part)}" for key, part in value.items()) + " }"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    return f'"{value}"'


def _list(names: Iterable[str]) -> str:
    return ", ".join(map(_code, names))


def _dimensions() -> str:
    def counted(name: str) -> str:
        row = DIMENSIONS[name]
        if row.of_dropped == "*":
            return "views and dropped requests"
        return f"requests dropped as `{row.of_dropped}`" if row.of_dropped else "views"

    return _page(
        "Dimensions",
        "`footfall top DIMENSION` answers by any of them; `footfall pages` is `footfall top page`.",
        _table(
            ("dimension", "counts", "bounded", "values"),
            (
                (_code(name), counted(name), "yes" if row.is_open else "no", _about(row, ON_DIMENSIONS, name))
                for name, row in DIMENSIONS.items()
            ),
        ),
        f"**Bounded** dimensions have values that strangers choose. Of each file (of a large one: of each part) and day, the "
        f"{MOST_VALUES} most frequent are kept by name and the rest together as `{OTHER}`; a missing key is cut to "
        f"{LONGEST_VALUE} bytes. Totals stay exact. Which values fall into `{OTHER}` depends on how the lines were packed into "
        "files.",
        f"**Dropped requests** are counted by `status`, `not_found` and `bot` per line, duplicates included. Lines dropped as "
        f"{_list(reason for reason in REASONS if reason in UNCOUNTED)} count in no dimension.",
        "In JSON and CSV the number is called `views` for every dimension.",
        "## Measures",
        "What a number counts. A dimension has the measures of its row, and answers by the first unless `measure` asks for "
        "another; so far each has one.",
        _table(
            ("measure", "what it counts", "a total is the sum of", "dimensions"),
            (
                (_code(name), row.about, row.sum_of, _list(each for each in DIMENSIONS if name in measures_of(each)))
                for name, row in MEASURES.items()
            ),
        ),
    )


def _reasons() -> str:
    needs: dict[str, list[str]] = {}
    for rule in DROP_WHEN:
        needs.setdefault(rule.reason, []).extend([rule.needs] if rule.needs else [])
    needs.setdefault(DUPLICATE, [])
    abouts = {rule.reason: _about(rule, ON_REASONS, rule.reason) for rule in DROP_WHEN}
    abouts[DUPLICATE] = ON_REASONS[DUPLICATE]
    return _page(
        "What counts, and the reasons to drop a line",
        "Every line has one outcome: it is a *view*, *dropped* for a reason, or *unreadable* (not of the format). For every "
        "file, lines = views + dropped + unreadable. Blank lines are no lines.",
        "The reasons are asked from the top; the first that holds is the one that is named.",
        _table(
            ("", "reason", "when", "only with the setting"),
            (
                (str(number), _code(reason), abouts[reason], ", ".join(map(_setting, names)))
                for number, (reason, names) in enumerate(needs.items(), 1)
            ),
        ),
        "`footfall explain` tells the outcome of each line. It looks at one file and not into the store, so a record "
        "that another file has too is a view to it.",
        "## Page names",
        "A page is the key, decoded (S3 logs it percent-encoded twice), without index document and without slashes at its "
        "ends: `blog/a%2520b/index.html` is the page `blog/a b`. The root is `/`. A `#` at the beginning becomes `%23`. Names "
        "are cut to 1,024 bytes, which is as long as a key can be.",
    )


def _about(row: Any, here: Mapping[str, str], name: str) -> str:
    """The sentence of a row: its own, else the one that stands here."""
    return getattr(row, "about", "") or here[name]


def _setting(name: str) -> str:
    return f"[`{name}`](settings.md#{name})"


def _formats() -> str:
    parts = ["The setting [`format`](settings.md#format) names how the logs are written."]
    for name, row in FORMATS.items():
        parts += [
            f"## {name}",
            f"**{row.title}.** {_about(row, ON_FORMATS, name)}",
            f"It gives the fields {_list(row.fields)}.",
        ]
    return _page(
        "Log formats",
        *parts,
        "## Fields",
        f"A request has {len(Request._fields)} fields, under the names that the S3 documentation uses. A field that is `-` in "
        "the line, or that the line is too short to have, is absent; a header that was sent empty is an empty text. "
        "`total_time` and `turn_around_time` are in milliseconds, `time` is in UTC.",
    )


def _api() -> str:
    names = {name: [path for path, row in ENDPOINTS.items() if name in row.takes] for name in PARAMETERS}
    parts = [
        "`footfall serve` and the function in AWS answer the same. `/openapi.json` says all of this to machines, in OpenAPI "
        "3.1, made of the same tables. How to ask: [ask over HTTP](../how-to/api.md).",
        "## Endpoints",
        _table(
            ("path", "answers", "takes", "CSV", "may be public"),
            (
                (
                    _code(path),
                    row.help,
                    ", ".join(f"**{name}**" if name in row.required else name for name in row.takes),
                    "yes" if row.table else "",
                    ("yes, for a prefix too" if row.is_of_pages else "yes") if row.may_be_public else "never",
                )
                for path, row in ENDPOINTS.items()
            ),
        ),
        "What is bold has to be given. `/healthz` and `/openapi.json` are open to everybody, and so is the dashboard at `/`, "
        "which holds no counts and asks for a token itself. Answers are for `GET` and `HEAD`.",
        "## Parameters",
        _table(
            ("parameter", "what it says", "values"),
            ((_code(name), row.help, _values_of(row.schema)) for name, row in PARAMETERS.items() if names[name]),
        ),
        "A parameter that an endpoint does not take, or that is given twice, is refused. `limit` of `/api/v1/views` is 1,000 "
        "at most and 100 by default. Days are in the site's time zone, as on [the command line](cli.md#periods).",
        "## Answers",
        "JSON in UTF-8, in the same shapes as [`--json`](json.md) prints them. Every answer has `complete_until`, the latest "
        "request that any log file has, and `capacity`, what it consumed, null where the store costs nothing. They are also in "
        "the headers `Footfall-Complete-Until` and `Footfall-Capacity`, where those answers have them that are CSV, or plain "
        "counts as those of `/pagetotals`.",
        "With `compare=previous` an answer has `previous` too: the same of the period before, and in each row of a breakdown. "
        "It is as many days just before; before whole months, as many whole months.",
        "`format=csv` gives the rows as [CSV](cli.md#csv).",
        "`next` of an answer is the `cursor` of the question for the rows after these, and null at the end. With `format=csv` "
        'it is a `Link` with `rel="next"`. A cursor only says where to go on: one that was made up leads to other rows of the '
        "same answer, or is refused.",
        "An answer of more than 5,000,000 bytes is refused, as Lambda could not give it; so is a history of more than 50,000 "
        "moments.",
        "## Errors",
        '`{"error": "..."}`, always.',
        _table(("status", "when"), ((_code(status), told) for status, told in ERRORS.items())),
        "`404` is a path that there is none of. `503` comes with `Retry-After`.",
        "## Caching",
        "Every answer has a weak `ETag`; sent back as `If-None-Match`, it brings `304` while nothing changed. What is public "
        "may be kept by anybody for a minute, all else by who asked alone, and asked again each time.",
    ]
    return _page("The HTTP API", *parts)


def _values_of(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return _list(schema["enum"])
    if schema["type"] == "integer":
        return f"{schema['minimum']} to {schema['maximum']}; default {schema['default']}"
    return _list(schema["examples"]) if "examples" in schema else f"a text of at most {schema['maxLength']:,} letters"


def missing() -> list[str]:
    """The rows of the tables that have no sentence, and the sentences here that have no row."""
    reasons = {rule.reason: rule for rule in DROP_WHEN}
    tables: list[tuple[Mapping[str, Any], Mapping[str, Any]]] = [
        (EXAMPLES, commands()),
        ({}, SETTINGS),
        ({}, MEASURES),
        (ON_DIMENSIONS, DIMENSIONS),
        (ON_REASONS, {**reasons, DUPLICATE: None}),
        (ON_FORMATS, FORMATS),
    ]
    without = [name for here, rows in tables for name, row in rows.items() if not (getattr(row, "about", "") or name in here)]
    stale = [name for here, rows in tables for name in here if name not in rows]
    return sorted(without + stale)


def main() -> None:
    """Write all pages."""
    for name, text in pages().items():
        (REFERENCE / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
