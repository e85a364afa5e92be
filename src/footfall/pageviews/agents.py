"""
What a user agent says of who asked: which bot, or else which browser on which system.

The bots' patterns are crawler-user-agents', the browsers' and systems' are ua-parser's. Both are loaded at the
first question, not at import: who only asks for reports never waits for them.
"""

import json
import re
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..errors import ConfigError

if TYPE_CHECKING:
    from ua_parser import BasicResolver

UNKNOWN = "(unknown)"
LOOKED_AT = 1024  # characters; people's agents end long before, and some patterns slow down with the square of them
LONGEST_NAME = 60  # an app's name comes out of the agent as it is, and a stranger writes there what he likes

# What the list of bots lacks; each begins where the bot's name does.
MORE_BOTS = (
    r"^(?:Java|aws-cli|aws-sdk-\w+|Boto3)(?=/)",  # Java's own client, and AWS's: the owner at work
    r"(?i:\w{0,40}(?:bot(?![a-z])|crawler|spider|scraper))",  # bots newer than the list mostly call themselves so,
    r"[+(] ?https?://",  # and say where to read about them, which browsers don't
)
# Telephones and a browser with a bot's word in their names.
NO_BOTS = re.compile(r"CUBOT|HTC.(?:J )?Butterfly|Ultra Sonic|Sogou(?:MSE|MobileBrowser)", re.IGNORECASE)
ADDRESS = re.compile(r"(?:https?://|www\.)[^\s;,()]+|[\w.+-]{1,64}@[\w.-]+")  # of the web, or of mail
HOST = re.compile(r"(?:https?://)?(?:www\.)?\b([\w-]+(?:\.[\w-]+)*\.[a-z]{2,})(?![\w@])")

# What people call it, where ua-parser splits hairs or hides behind initials.
BROWSERS = {
    "Chrome Mobile": "Chrome", "Chrome Mobile iOS": "Chrome", "Chrome Mobile WebView": "Chrome",
    "Mobile Safari": "Safari", "Mobile Safari UI/WKWebView": "Safari", "Firefox Mobile": "Firefox",
    "Firefox iOS": "Firefox", "Edge Mobile": "Edge", "Opera Mobile": "Opera", "DuckDuckGo Mobile": "DuckDuckGo",
    "IE": "Internet Explorer", "IE Mobile": "Internet Explorer", "Android": "Android Browser",
}  # fmt: skip
SYSTEMS = {"Mac OS X": "macOS", "Mac OS": "macOS", "Other": ""} | dict.fromkeys(
    ("Ubuntu", "Fedora", "Debian", "Gentoo", "CentOS", "Red Hat", "Mandriva", "SUSE", "Arch Linux"), "Linux"
)


class Agent(NamedTuple):
    """What a user agent string says of who asked."""

    bot: str  # its name; "" when it is a person's
    browser: str
    system: str


@lru_cache(maxsize=4096)
def know_agent(user_agent: str | None) -> Agent:
    """
    Who is behind `user_agent`; None is an absent one, a bot's. What nobody knows is a person's.

    >>> know_agent("curl/8.14.1")
    Agent(bot='curl', browser='(unknown)', system='(unknown)')
    """
    if not user_agent:
        return Agent("(no user agent)", UNKNOWN, UNKNOWN)
    agent = user_agent[:LOOKED_AT]
    if bot := _bot(agent):
        return Agent(bot, UNKNOWN, UNKNOWN)
    return Agent("", *_browser_and_system(agent))


def bot_name(user_agent: str | None, own: Sequence[re.Pattern[str]]) -> str:
    """The bot's name, by the kept list or the owner's own patterns; "" when the agent is a person's."""
    name = know_agent(user_agent).bot
    if not name and user_agent:
        name = next((found[0] for pattern in own if (found := pattern.search(user_agent[:LOOKED_AT]))), "")
    return name


def own_bots(patterns: Sequence[str]) -> tuple[re.Pattern[str], ...]:
    """
    The owner's own `patterns`, to be searched in a user agent without regard to case.

    Raises ConfigError, which names the pattern, when one is no regular expression or is in every agent.
    """
    compiled = []
    for pattern in patterns:
        try:
            compiled.append(re.compile(pattern, re.IGNORECASE))
        except re.error as error:
            raise ConfigError(
                f"the bot pattern {pattern!r} is no regular expression: {error}; put \\ before a sign that is meant as such"
            ) from error
        if compiled[-1].search(""):
            raise ConfigError(f"the bot pattern {pattern!r} matches every user agent; write more of the bot's name")
    return tuple(compiled)


def _bot(agent: str) -> str:
    """The bot's name: from its words if they tell it, else from its address."""
    agent = NO_BOTS.sub("", agent)
    for text in dict.fromkeys((ADDRESS.sub(" ", agent), agent)):  # "yandex.com/bots" is no name
        words, rest = _bots()
        found = [match.span() for word in words if word in text and (match := _word(word).search(text))]
        found += [match.span() for match in [rest.search(text)] if match]
        if found:
            start, end = min(found, key=lambda span: (span[0], -span[1]))
            return _tidy(_named(text, start, end)) or "(unnamed)"
    return ""


@cache
def _bots() -> tuple[list[str], re.Pattern[str]]:
    """The patterns that are plain words, and one for the rest: to compile all would take a quarter of a second."""
    # Its data only: the package itself reads them in the locale's encoding, which may be ASCII.
    package = find_spec("crawleruseragents")
    folder = Path(next(iter((package and package.submodule_search_locations) or [])))
    rows = json.loads((folder / "crawler-user-agents.json").read_text("utf-8"))

    plain: list[str] = []
    rest: list[str] = []
    for row in rows:
        is_plain = re.fullmatch(r"(?:[^\\.^$*+?{}\[\]|()]|\\\W)+", row["pattern"])
        (plain if is_plain else rest).append(row["pattern"])
    return [re.sub(r"\\(.)", r"\1", word) for word in plain], re.compile("|".join([*rest, *MORE_BOTS]))


@lru_cache
def _word(word: str) -> re.Pattern[str]:
    """A search for `word` where a word begins: "Sonic" is a bot, "ViewSonic" a telephone."""
    return re.compile((r"(?<![^\W_])" if word[0].isalnum() else "") + re.escape(word))


def _named(text: str, start: int, end: int) -> str:
    """The whole word that a pattern found a part of; the host, if it found an address."""
    if (host := HOST.search(text, start)) and host.start() < end:
        return host[1]
    if text[start : start + 1].isalnum():
        start -= len(re.findall(r"[\w-]*\Z", text[:start])[0])
    if text[:end][-1:].isalnum():
        end += len(re.findall(r"\A\w*", text[end:])[0])
    return text[start:end]


def _browser_and_system(agent: str) -> tuple[str, str]:
    from ua_parser import Domain

    known = _browsers()(agent, Domain.USER_AGENT | Domain.OS)
    browser = known.user_agent.family if known.user_agent else ""
    system = known.os.family if known.os else ""
    return _tidy(BROWSERS.get(browser, browser)) or UNKNOWN, _tidy(SYSTEMS.get(system, system)) or UNKNOWN


@cache
def _browsers() -> "BasicResolver":
    """Plain Python, whatever accelerator is installed: patterns compiled when first reached start soonest."""
    from ua_parser import BasicResolver, load_lazy_builtins

    return BasicResolver(load_lazy_builtins())


def _tidy(name: str) -> str:
    """`name` as it can be stored and shown."""
    return "".join(letter for letter in name if letter.isprintable()).strip(" -_/:;,.()'\"+")[:LONGEST_NAME]
