"""
Write the pages of docs/reference that follow from footfall's tables:

    .venv/bin/python docs/generate.py

cli.md from the commands, settings.md from SETTINGS, dimensions.md from DIMENSIONS and MEASURES, reasons.md from DROP_WHEN,
formats.md from FORMATS, api.md from ENDPOINTS. The sentence of a row is its `about`, and what stands around the tables is in
docs/templates. tests/test_docs.py names each row without a sentence, and finds pages that were not written again.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from textwrap import fill
from typing import Any

import click

from footfall.api.endpoints import ENDPOINTS, Endpoint
from footfall.api.openapi import ERRORS
from footfall.api.parameters import PARAMETERS
from footfall.cli import cli
from footfall.cli.options import SERVING_FLAGS, SETTING_FLAGS
from footfall.dimensions import DIMENSIONS
from footfall.fields import FIELDS, LONGEST_VALUE
from footfall.formats import FORMATS
from footfall.items import OF_EVERY_VIEW, OF_SOME
from footfall.measures import MEASURES, measures_of
from footfall.pageviews.classes import ABOUT_CLASSES
from footfall.pageviews.rules import ABOUT_DUPLICATE, DROP_WHEN, DUPLICATE, REASONS, UNCOUNTED
from footfall.settings import SETTINGS, TABLE_VARIABLE
from footfall.tallies import FIRST_KEPT, MOST_KEPT, MOST_SITES, MOST_VALUES, OTHER

REFERENCE = Path(__file__).parent / "reference"
TEMPLATES = Path(__file__).parent / "templates"
NOTE = "<!-- Written by docs/generate.py from docs/templates and the tables in src/footfall; change it there. -->"

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
    "history": (
        "footfall history --by week",
        "footfall history /blog/articles/counting-without-cookies/ --by hour",
        "footfall history --compare --start 2026-10-21",
    ),
    "views": ("footfall views / --limit 3", "footfall views docs/install.html --json"),
    "digest": ("footfall digest --period 2026-10", "footfall digest --period 2026-10-21 --html > digest.html"),
    "alert": ("footfall alert", "footfall alert --json"),
    "explain": (
        "head -1 docs/sample-logs/2026-10-22-16-* | footfall explain -",
        "footfall explain --json --only bot docs/sample-logs",
    ),
    "suspects": ("footfall suspects docs/sample-logs", "footfall suspects docs/sample-cloudfront --json"),
    "status": ("footfall status", "footfall status --json"),
    "sweep": ("footfall sweep docs/sample-logs", "footfall sweep docs/sample-logs --json"),
    "copy": ("footfall copy sqlite:footfall.db sqlite:backup.db",),
    "forget": ("footfall forget 203.0.113.57 --dry-run", "footfall forget 2001:db8::/48"),
    "export": ("footfall export views views.csv --period 2026-10", "footfall export counts"),
    "recount": (
        "footfall recount --logs docs/sample-logs --dry-run --bots Firefox",
        "footfall recount 2026-10 --logs docs/sample-logs --bots Firefox --quiet",
    ),
    "doctor": ("footfall doctor --logs docs/sample-logs", "footfall doctor --logs docs/sample-logs --json"),
    "table create": ("footfall table create --store 'dynamodb:PageViews?region=eu-west-1'",),
    "table info": ("footfall table info --store 'dynamodb:PageViews?region=eu-west-1' --json",),
    "serve": ("footfall serve", "footfall serve --host 192.0.2.10 --public '/pagetotals?prefix=blog/'"),
    "mcp": ("footfall mcp --store sqlite:footfall.db",),
    "annotation add": ("footfall annotation add 2026-10-21 'on the front page of news.example'",),
    "annotation list": ("footfall annotation list --period 2026-10", "footfall annotation list --json"),
    "annotation remove": ("footfall annotation remove 2026-10-21",),
    "token add": ("footfall token add dashboard",),
    "token list": ("footfall token list", "footfall token list --json"),
    "token revoke": ("footfall token revoke dashboard",),
    "init": ("footfall init", "footfall init --force"),
    "completion": ("footfall completion bash",),
    "demo": ("footfall demo --no-serve", "footfall demo --no-serve --folder my-demo"),
}

# These want an AWS account, or run until they are ended, so no test runs them as they stand here.
NOT_RUN = ("table create", "table info", "serve", "mcp")


def pages() -> dict[str, str]:
    """Every generated page, by its file name."""
    return {
        "cli.md": _page("cli.md", everywhere=_options(_shared_flags(), _context()), commands=_sections_of_commands()),
        "settings.md": _page(
            "settings.md",
            table_variable=TABLE_VARIABLE,
            overview=_settings(),
            settings="\n\n".join(f"## {name}\n\n{row.help} {row.about}" for name, row in SETTINGS.items()),
            item="\n".join(
                ["```toml", "[item]", *(f"{name} = {_toml(text)}" for name, text in SETTINGS["item"].default.items()), "```"]
            ),
            of_every_view=_list(OF_EVERY_VIEW),
            of_some=_list(OF_SOME),
        ),
        "dimensions.md": _page(
            "dimensions.md",
            dimensions=_dimensions(),
            measures=_measures(),
            bot_classes=_table(("class", "what it comes for"), ((_code(name), about) for name, about in ABOUT_CLASSES.items())),
            most_values=str(MOST_VALUES),
            first_kept=f"{FIRST_KEPT:,}",
            most_kept=f"{MOST_KEPT:,}",
            most_sites=f"{MOST_SITES:,}",
            longest_value=str(LONGEST_VALUE),
            other=OTHER,
            uncounted=_list(reason for reason in REASONS if reason in UNCOUNTED),
        ),
        "reasons.md": _page("reasons.md", reasons=_reasons()),
        "formats.md": _page("formats.md", formats=_formats(), field_count=str(len(FORMATS["s3"].documented))),
        "api.md": _page("api.md", endpoints=_endpoints(), parameters=_parameters(), errors=_errors()),
    }


def _page(name: str, **parts: str) -> str:
    """A page: its template with each `{{part}}` filled in, and wrapped in lines of a length that a change shows well."""
    text = (TEMPLATES / f"{name}.in").read_text("utf-8")
    for part, content in parts.items():
        text = text.replace(f"{{{{{part}}}}}", content)
    title, *paragraphs = text.strip().split("\n\n")
    return "\n\n".join([title, NOTE, *map(_wrapped, paragraphs)]) + "\n"


def _wrapped(paragraph: str) -> str:
    """A table, code or a heading stays as it is, and each item of a list has lines of its own."""
    if paragraph.startswith(("|", "```", "#")):
        return paragraph
    if "\n- " in paragraph:
        first, *more = paragraph.split("\n- ")
        return "\n".join([_wrapped(first), *(_wrapped(f"- {each}") for each in more)])
    if paragraph.startswith("- "):
        return fill(paragraph, 120, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
    return fill(paragraph, 120, break_long_words=False, break_on_hyphens=False)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    cells = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in [header, ["---"] * len(header), *cells])


def _code(text: str) -> str:
    return f"`{text}`"


def _list(names: Iterable[str]) -> str:
    return ", ".join(map(_code, names))


# The command line


def _context() -> click.Context:
    return click.Context(cli, info_name="footfall", **cli.context_settings)


def _shared_flags() -> list[click.Parameter]:
    return cli.get_params(_context())


def commands() -> dict[str, click.Command]:
    """Every command, those of a group by both names."""
    found: dict[str, click.Command] = {}
    for name, command in cli.commands.items():
        inner = command.commands.items() if isinstance(command, click.Group) else ()
        found |= {f"{name} {part}": each for part, each in inner} or {name: command}
    return found


def _sections_of_commands() -> str:
    shared = {flag for option in _shared_flags() for flag in option.opts}
    parts = []
    for name, command in commands().items():
        inner = click.Context(command, info_name=name, parent=_context())
        own = [param for param in command.get_params(inner) if not shared.intersection(param.opts)]
        usage = " ".join(["footfall", name, *command.collect_usage_pieces(inner)])
        parts += [f"## {name}", f"`{usage}`", " ".join((command.help or "").split())]
        if any(isinstance(param, click.Option) for param in own):
            parts.append(_options(own, inner))
        parts.append(
            "\n".join([f"```{'sh' if name in NOT_RUN else 'console'}", *(f"$ {example}" for example in EXAMPLES[name]), "```"])
        )
    return "\n\n".join(parts)


def _options(params: Iterable[click.Parameter], context: click.Context) -> str:
    records = [param.get_help_record(context) for param in params if isinstance(param, click.Option)]
    return _table(("option", "what it does"), ((_code(flag), text) for flag, text in filter(None, records)))


# Settings


def _settings() -> str:
    flags = SETTING_FLAGS | SERVING_FLAGS | {"store": "--store", "sites": "--site", "logs": "what sweep is given"}
    flags["digest"] = "--period and --webhook of digest"
    return _table(
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


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_toml(part)}" for key, part in value.items()) + " }"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    return f'"{value}"'


# What counts, and by what


def _dimensions() -> str:
    return _table(
        ("dimension", "counts", "bounded", "values"),
        ((_code(name), _counted(name), "yes" if row.is_open else "no", row.about) for name, row in DIMENSIONS.items()),
    )


def _counted(dimension: str) -> str:
    row = DIMENSIONS[dimension]
    if row.of_dropped == "*":
        return "views and dropped requests"
    return f"requests dropped as `{row.of_dropped}`" if row.of_dropped else "views"


def _measures() -> str:
    return _table(
        ("measure", "what it counts", "a total is the sum of", "dimensions"),
        (
            (_code(name), row.about, row.sum_of, _list(each for each in DIMENSIONS if name in measures_of(each)))
            for name, row in MEASURES.items()
        ),
    )


def _reasons() -> str:
    needs = {reason: [rule.needs for rule in DROP_WHEN if rule.reason == reason and rule.needs] for reason in REASONS}
    abouts = {DUPLICATE: ABOUT_DUPLICATE} | {rule.reason: rule.about for rule in DROP_WHEN}
    return _table(
        ("", "reason", "when", "only with the setting"),
        (
            (str(number), _code(reason), abouts[reason], ", ".join(map(_setting, names)))
            for number, (reason, names) in enumerate(needs.items(), 1)
        ),
    )


def _setting(name: str) -> str:
    return f"[`{name}`](settings.md#{name})"


def _formats() -> str:
    return "\n\n".join(
        f"## {name}\n\n**{row.title}.** {row.about}\n\nIt gives the fields {_list(row.documented)}."
        for name, row in FORMATS.items()
    )


# The HTTP API


def _endpoints() -> str:
    return _table(
        ("path", "answers", "takes", "CSV", "may be public"),
        (
            (
                _code(path),
                row.help,
                ", ".join(f"**{name}**" if name in row.required else name for name in row.takes),
                "yes" if row.table else "",
                _openness(row),
            )
            for path, row in ENDPOINTS.items()
        ),
    )


def _openness(endpoint: Endpoint) -> str:
    if not endpoint.needs_token:
        return "as its questions are"
    if not endpoint.may_be_public:
        return "never"
    return "yes, for a prefix too" if endpoint.is_of_pages else "yes"


def _parameters() -> str:
    taken = {name for row in ENDPOINTS.values() for name in row.takes}
    return _table(
        ("parameter", "what it says", "values"),
        ((_code(name), row.help, _values_of(row.schema)) for name, row in PARAMETERS.items() if name in taken),
    )


def _values_of(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return _list(schema["enum"])
    if schema["type"] == "array":
        return f"{_list(schema['examples'][0])}; {schema['maxItems']} at most"
    if schema["type"] == "integer":
        return f"{schema['minimum']} to {schema['maximum']}; default {schema['default']}"
    return _list(schema["examples"]) if "examples" in schema else f"a text of at most {schema['maxLength']:,} letters"


def _errors() -> str:
    return _table(("status", "when"), ((_code(status), text) for status, text in ERRORS.items()))


# What is missing


def missing() -> list[str]:
    """The rows of the tables that have no sentence, and the sentences here that have no row."""
    reasons = {rule.reason: rule for rule in DROP_WHEN}
    tables: list[tuple[Mapping[str, Any], Mapping[str, Any]]] = [
        (EXAMPLES, commands()),
        ({}, SETTINGS),
        ({}, MEASURES),
        ({}, FIELDS),
        ({}, DIMENSIONS),
        ({}, reasons),
        ({}, FORMATS),
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
