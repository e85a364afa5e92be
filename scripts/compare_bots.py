"""
What other kept lists know of bots and of people that footfall's does not:

    .venv/bin/python scripts/compare_bots.py            # or: make bots
    .venv/bin/python scripts/compare_bots.py --logs FOLDER --ai robots.json --bots crawlers.txt --people devices.json

It asks footfall about a browser's agent with each word of isbot's in it, and about the agents of people that user-agents and
top-user-agents collect; with --logs, both about each agent in log files of yours; with --ai, for the names of ai.robots.txt,
by themselves and at the end of a browser's agent. Its file you fetch by hand, since no registry has it, as others with the
agents of --bots and --people, one a line, or all strings of a JSON file. package-lock.json pins what npm has; `npm update`
brings newer ones.

Nothing is changed. What should be known gets a row in src/footfall/pageviews: a name in classes.py, a pattern in bots.py.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from footfall.pageviews.agents import bot_class, know_agent

ROOT = Path(__file__).parents[1]
PACKAGES = ROOT / "node_modules"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
ASK_ISBOT = """
const { isbot, list } = require("isbot");
const agents = JSON.parse(require("fs").readFileSync(0, "utf-8"));
console.log(JSON.stringify({ list, bots: agents.map((agent) => isbot(agent)) }));
"""
SHOWN = 100


def main() -> int:
    """Print what differs."""
    options = argparse.ArgumentParser(description="What other kept lists know of bots and people.")
    options.add_argument("--logs", type=Path, help="also compare the user agents of these log files")
    options.add_argument("--ai", type=Path, help="robots.json of ai.robots.txt")
    options.add_argument("--bots", type=Path, action="append", default=[], help="agents of bots, one a line or in JSON")
    options.add_argument("--people", type=Path, action="append", default=[], help="agents of people, likewise")
    asked = options.parse_args()
    if not (PACKAGES / "isbot").exists():
        sys.exit("compare_bots: the lists to compare with are missing; run npm ci --ignore-scripts")

    agents = agents_of(asked.logs) if asked.logs else Counter()
    words, bots = ask_isbot([*agents])
    show("isbot's words that do not make a browser's agent a bot's", [word for word in words if not is_word(word)])
    show("people's agents that are taken for a bot's", map(with_name, filter(is_bot, people())))
    if asked.logs:
        missed = [f"{agents[agent]:>8,}  {agent}" for agent in bots if not is_bot(agent)]
        show(f"agents of {asked.logs} that isbot takes for a bot's, and footfall for a person's", missed)
    if asked.ai:
        show(
            f"names of {asked.ai} that have no class of AI",
            [name for name in json.loads(asked.ai.read_text()) if not is_of_ai(name)],
        )
        show(
            f"names of {asked.ai} that do not make a browser's agent a bot's",
            [name for name in json.loads(asked.ai.read_text()) if not is_bot(with_word(f"{name}/1.0"))],
        )
    for file in asked.bots:
        show_share(f"agents of {file} that are taken for a person's", agents_in(file), lambda agent: not is_bot(agent))
    for file in asked.people:
        show_share(f"agents of {file} that are taken for a bot's", agents_in(file), is_bot)
    return 0


def ask_isbot(agents: Sequence[str]) -> tuple[list[str], list[str]]:
    """The plain words of its list, with a `^` where an agent begins so, and which of these agents it takes for a bot's."""
    node = shutil.which("node") or sys.exit("compare_bots: Node is missing")
    command, asked = [node, "-e", ASK_ISBOT], json.dumps(agents)
    said = json.loads(subprocess.run(command, cwd=ROOT, input=asked, stdout=subprocess.PIPE, check=True, text=True).stdout)  # noqa: S603
    plain = [re.sub(r"\\b|\\(?=\W)", "", pattern) for pattern in said["list"]]
    words = [word.strip() for word in plain if re.fullmatch(r"\^?[\w .\-/]{4,}", word)]
    return words, [agent for agent, is_its in zip(agents, said["bots"], strict=True) if is_its]


def with_word(word: str) -> str:
    """A browser's agent with a word in it, where its pattern finds it."""
    return f"{word[1:].rstrip('/')}/1.0" if word.startswith("^") else f"{BROWSER} {word}"


def people() -> list[str]:
    """What people's browsers call themselves."""
    recent = json.loads((PACKAGES / "user-agents/dist/user-agents.json").read_text("utf-8"))
    most = json.loads((PACKAGES / "top-user-agents/src/index.json").read_text("utf-8"))
    return sorted({*most, *(row["userAgent"] for row in recent)})


def agents_of(logs: Path) -> Counter[str]:
    """How often each user agent is in log files, the most frequent first."""
    command = [sys.executable, "-m", "footfall", "explain", "--json", str(logs)]
    lines = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout.splitlines()  # noqa: S603
    said = Counter((json.loads(line).get("common") or {}).get("user_agent") for line in lines)
    return Counter({agent: times for agent, times in said.most_common() if agent})


def agents_in(file: Path) -> list[str]:
    """The agents in a file, each once."""
    text = file.read_text("utf-8", "replace")
    agents = strings_in(json.loads(text)) if file.suffix == ".json" else text.splitlines()
    return [*dict.fromkeys(agent.strip() for agent in agents if agent.strip() and not agent.startswith("#"))]


def strings_in(value: Any) -> Iterator[str]:
    """All strings in a JSON value that are not keys."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from strings_in(each)


def is_bot(agent: str) -> bool:
    """Whether footfall takes an agent for a bot's."""
    return bool(know_agent(agent).bot)


def is_word(word: str) -> bool:
    """Whether a word of isbot's, for which case does not matter, makes an agent a bot's."""
    return any(is_bot(with_word(form)) for form in (word, word.title(), word.upper()))


def is_of_ai(name: str) -> bool:
    """Whether footfall knows that a bot of this name reads for an AI."""
    return bot_class(f"Mozilla/5.0 (compatible; {name}/1.0; +https://bot.example/)").startswith("AI")


def with_name(agent: str) -> str:
    """A person's agent, and the bot that it is taken for."""
    return f"{know_agent(agent).bot}: {agent}"


def show_share(what: str, agents: Sequence[str], is_wrong: Callable[[str], bool]) -> None:
    """Those of some agents that are taken for something else, and how many of how many they are."""
    wrong = [agent for agent in agents if is_wrong(agent)]
    show(f"of {len(agents):,} {what}: {len(wrong) / max(len(agents), 1):.2%}", wrong)


def show(what: str, found: Iterable[str]) -> None:
    """A list under its heading."""
    rows = [*found]
    print(f"{len(rows):,} {what}")
    for row in rows[:SHOWN]:
        print(f"    {row}")
    if len(rows) > SHOWN:
        print(f"    and {len(rows) - SHOWN:,} more")


if __name__ == "__main__":
    sys.exit(main())
