"""`footfall init`: writes a footfall.toml to start from."""

from pathlib import Path

import click

from ..errors import ConfigError, FootfallError
from ..output import to_json
from ..settings import CONFIG_FILE, SETTINGS

# What an owner should know before the first import, because it cannot be fixed later.
ADVICE = {
    "visitors": (
        "What distinguishes visitors is deleted a week after their day. But views keep address and user agent for ever,",
        "unless you choose otherwise below: keep_views, keep_views_days, mask_addresses, or an [item] without the two.",
    )
}

TABLES = ("dimensions", "digest", "item")  # last, because everything after a table's heading belongs to it


@click.command()
@click.option("--config", metavar="FILE", help=f"The file to write; default: {CONFIG_FILE}.")
@click.option("--force", is_flag=True, help="Overwrite an existing file.")
@click.pass_context
def init(context: click.Context, /, config: str | None, force: bool) -> None:
    """Write a commented footfall.toml to the current folder."""
    path = Path(config or (context.obj or {}).get("config") or CONFIG_FILE)
    if path.exists() and not force:
        raise ConfigError(f"{path} already exists; --force overwrites it")
    try:
        path.write_text(example_config(), "utf-8")
    except OSError as error:
        raise FootfallError(f"{path} cannot be written ({error.strerror}); choose another --config") from error
    click.echo(f"wrote {path}; it lists every setting as a comment, with its default")


def example_config() -> str:
    """A footfall.toml with every setting as a comment, with its default."""
    lines = ["# What footfall counts, and where. Each setting is also a variable (FOOTFALL_STORE) and a flag (--store).", ""]
    for name, setting in SETTINGS.items():
        if name not in TABLES:
            lines += [
                f"# {setting.help}",
                *(f"# {advice}" for advice in ADVICE.get(name, ())),
                f"#{name} = {to_json(setting.default)}",
                "",
            ]
    for name in ("dimensions", "digest"):
        lines += [f"# {SETTINGS[name].help}", f"#[{name}]", ""]
    lines += [f"# {SETTINGS['item'].help}", "#[item]"]
    for attribute, template in SETTINGS["item"].default.items():
        if isinstance(template, str):
            lines.append(f"#{attribute} = {to_json(template)}")
        else:
            lines.append(f"#{attribute} = {{ value = {to_json(template['value'])}, type = {to_json(template['type'])} }}")
    return "\n".join(lines) + "\n"
