"""
What a user agent identifies: a bot, or else a browser on a system.

The bots' patterns are crawler-user-agents', the browsers' and systems' are ua-parser's. Both are loaded on first use, not at
import, so reports never wait for them.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

from ..errors import ConfigError
from .bots import Bot, find_bot
from .classes import OTHER_BOT
from .shortlist import Shortlist

UNKNOWN = "(unknown)"
# Characters: bots' agents end before 300, people's seldom go on to 450, and each takes a pattern's time or its square.
LOOKED_AT = 512
_BLANKS = re.compile(r"\s{2,}")
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
# What browsers say of all later versions too, so that sites cannot tell their readers apart: Chrome says Android 10.
FROZEN = frozenset({"Windows 10", "macOS 10.15", "iOS 18.6", "iOS 18.7", "Android 10", "Chrome OS 14541"})


class Agent(NamedTuple):
    """What a user agent identifies."""

    bot: str  # its name; "" when it is a person's
    browser: str
    system: str
    browser_version: str = UNKNOWN  # with its name, `Safari 17.5`; the name alone where it says no version
    system_version: str = UNKNOWN


def know_agent(user_agent: str | None) -> Agent:
    """
    Who is behind `user_agent`; None is an absent one, a bot's. What nobody knows is a person's.

    >>> know_agent("curl/8.14.1")
    Agent(bot='curl', browser='(unknown)', system='(unknown)', browser_version='(unknown)', system_version='(unknown)')
    """
    if not user_agent:
        return Agent("(no user agent)", UNKNOWN, UNKNOWN)
    return _known(user_agent[:LOOKED_AT])  # a scanner that numbers its agents at their end is known by their beginning


@lru_cache(maxsize=4096)
def _known(agent: str) -> Agent:
    agent = _BLANKS.sub(" ", agent)  # what looks for a blank takes the square of their number
    if bot := _bot(agent).name:
        return Agent(_tidy(bot) or "(unnamed)", UNKNOWN, UNKNOWN)
    browsers, systems = _matchers()
    browser, system = browsers.find(agent), systems.find(agent)
    name_of_browser, name_of_system = _name(browser, BROWSERS), _name(system, SYSTEMS)
    return Agent("", name_of_browser, name_of_system, _version(browser, name_of_browser), _version(system, name_of_system))


@lru_cache(maxsize=4096)
def _bot(agent: str) -> Bot:
    return find_bot(agent)


def bot_class(user_agent: str | None) -> str:
    """
    The class of a bot, one of classes.ABOUT_CLASSES; `other` of one that only the owner's patterns know.

    >>> bot_class("Mozilla/5.0 (compatible; GPTBot/1.3; +https://openai.com/gptbot)")
    'AI training'
    """
    return _bot(_BLANKS.sub(" ", user_agent[:LOOKED_AT])).kind if user_agent else OTHER_BOT


def bot_name(user_agent: str | None, own: Sequence[re.Pattern[str]]) -> str:
    """The bot's name, by the kept list or the owner's own patterns; "" when the agent is a person's."""
    name = know_agent(user_agent).bot
    if not name and user_agent:
        name = next((found[0] for pattern in own if (found := pattern.search(user_agent[:LOOKED_AT]))), "")
    return name


def own_bots(patterns: Sequence[str]) -> tuple[re.Pattern[str], ...]:
    """
    The owner's own `patterns`, to be searched in a user agent without regard to case.

    Raises ConfigError, which names the pattern, when one is not a regular expression or is in every agent.
    """
    compiled = []
    for pattern in patterns:
        try:
            compiled.append(re.compile(pattern, re.IGNORECASE))
        except re.error as error:
            raise ConfigError(
                f"the bot pattern {pattern!r} is not a regular expression: {error}; escape special characters with \\"
            ) from error
        if compiled[-1].search(""):
            raise ConfigError(f"the bot pattern {pattern!r} matches every user agent; use more of the bot's name")
    return tuple(compiled)


class _Said(NamedTuple):
    """What an agent says of a browser or a system, as ua-parser has it; "" where it says nothing."""

    family: str = ""
    major: str = ""
    minor: str = ""


def _name(said: _Said, names: Mapping[str, str]) -> str:
    return _tidy(names.get(said.family, said.family)) or UNKNOWN


def _version(said: _Said, name: str) -> str:
    """
    The name with the version that people know: `Firefox 131`, `Safari 17.5`; of a Linux distribution the name alone.

    >>> _version(_Said("iOS", "17", "0"), "iOS"), _version(_Said("Windows", "10"), "Windows")
    ('iOS 17', 'Windows 10+')
    """
    if not said.major or name == UNKNOWN or (name == "Linux" and said.family != name):
        return name
    version = _tidy(f"{name} {said.major}" + (f".{said.minor}" if said.minor not in ("", "0") else ""))
    return f"{version}+" if version in FROZEN else version


class _Matchers:
    """ua-parser's expressions for one question, and those of them that an agent is worth trying with; the first that fits."""

    def __init__(self, matchers: Sequence[Any]):
        self._matchers, self._shortlist = matchers, Shortlist([each.regex for each in matchers])

    def find(self, agent: str) -> _Said:
        """The match in the user agent, or nothing."""
        found = (self._matchers[place](agent) for place in self._shortlist.of(agent))
        return next((_Said(each.family or "", each.major or "", each.minor or "") for each in found if each), _Said())


@cache
def _matchers() -> tuple[_Matchers, _Matchers]:
    """Of browsers and of systems, in plain Python, each compiled when it is first tried."""
    from ua_parser import load_lazy_builtins

    browsers, systems, _ = load_lazy_builtins()
    return _Matchers(browsers), _Matchers(systems)


def _tidy(name: str) -> str:
    """`name` as it can be stored and shown."""
    return "".join(letter for letter in name if letter.isprintable()).strip(" -_/:;,.()'\"+")[:LONGEST_NAME]
