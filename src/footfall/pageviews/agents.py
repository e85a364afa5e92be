"""
What a user agent says of who asked: which bot, or else which browser on which system.

The bots' patterns are crawler-user-agents', the browsers' and systems' are ua-parser's. Both are loaded at the
first question, not at import: who only asks for reports never waits for them.
"""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ..errors import ConfigError
from .bots import name_bot

if TYPE_CHECKING:
    from ua_parser import BasicResolver

UNKNOWN = "(unknown)"
# Characters: bots' agents end before 300, people's seldom go on to 450, and each takes a pattern's time or its square.
LOOKED_AT = 512
LONGEST_NAME = 60  # an app's name comes out of the agent as it is, and a stranger writes there what he likes

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


def know_agent(user_agent: str | None) -> Agent:
    """
    Who is behind `user_agent`; None is an absent one, a bot's. What nobody knows is a person's.

    >>> know_agent("curl/8.14.1")
    Agent(bot='curl', browser='(unknown)', system='(unknown)')
    """
    if not user_agent:
        return Agent("(no user agent)", UNKNOWN, UNKNOWN)
    return _known(user_agent[:LOOKED_AT])  # a scanner that numbers its agents at their end is known by their beginning


@lru_cache(maxsize=4096)
def _known(agent: str) -> Agent:
    if bot := name_bot(agent):
        return Agent(_tidy(bot) or "(unnamed)", UNKNOWN, UNKNOWN)
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
