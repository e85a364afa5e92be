"""
What a user agent identifies: a bot, or else a browser on a system.

The patterns of bots are from crawler-user-agents, those of browsers and systems from ua-parser. Both are loaded on first use,
not at import, so reports never wait for them.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

from ..errors import ConfigError
from .bots import Bot, find_bot, read_list
from .classes import OTHER_BOT
from .shortlist import Shortlist

UNKNOWN = "(unknown)"
# Characters: agents of bots have fewer than 300, those of people rarely 450; matching may take time quadratic in length.
LOOKED_AT = 512
_BLANKS = re.compile(r"\s{2,}")
LONGEST_NAME = 60  # app names are taken from the agent as they are, and strangers can write anything there

# Common names, where ua-parser distinguishes too much, or uses initials.
BROWSERS = {
    "Chrome Mobile": "Chrome", "Chrome Mobile iOS": "Chrome", "Chrome Mobile WebView": "Chrome",
    "Mobile Safari": "Safari", "Mobile Safari UI/WKWebView": "Safari", "Firefox Mobile": "Firefox",
    "Firefox iOS": "Firefox", "Edge Mobile": "Edge", "Opera Mobile": "Opera", "DuckDuckGo Mobile": "DuckDuckGo",
    "IE": "Internet Explorer", "IE Mobile": "Internet Explorer", "Android": "Android Browser",
}  # fmt: skip
SYSTEMS = {"Mac OS X": "macOS", "Mac OS": "macOS", "Other": ""} | dict.fromkeys(
    ("Ubuntu", "Fedora", "Debian", "Gentoo", "CentOS", "Red Hat", "Mandriva", "SUSE", "Arch Linux"), "Linux"
)
# Versions that browsers also claim for all later ones, so that readers cannot be distinguished: Chrome says Android 10.
FROZEN = frozenset({"Windows 10", "macOS 10.15", "iOS 18.6", "iOS 18.7", "Android 10", "Chrome OS 14541"})


class Agent(NamedTuple):
    """What a user agent identifies."""

    bot: str  # its name; "" for a person
    browser: str
    system: str
    browser_version: str = UNKNOWN  # with its name, `Safari 17.5`; only the name if there is no version
    system_version: str = UNKNOWN


def know_agent(user_agent: str | None) -> Agent:
    """
    Identifies `user_agent`; None, an absent one, is a bot's. Unknown agents are people's.

    >>> know_agent("curl/8.14.1")
    Agent(bot='curl', browser='(unknown)', system='(unknown)', browser_version='(unknown)', system_version='(unknown)')
    """
    if not user_agent:
        return Agent("(no user agent)", UNKNOWN, UNKNOWN)
    return _known(user_agent[:LOOKED_AT])  # a scanner that appends numbers to its agents is one entry in the cache


@lru_cache(maxsize=4096)
def _known(agent: str) -> Agent:
    agent = _BLANKS.sub(" ", agent)  # patterns that search for a blank take time quadratic in their number
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
    The class of a bot, one of classes.ABOUT_CLASSES; `other` if only the owner's patterns match.

    >>> bot_class("Mozilla/5.0 (compatible; GPTBot/1.3; +https://openai.com/gptbot)")
    'AI training'
    """
    return _bot(_BLANKS.sub(" ", user_agent[:LOOKED_AT])).kind if user_agent else OTHER_BOT


def bot_name(user_agent: str | None, own: Sequence[re.Pattern[str]]) -> str:
    """The bot's name, from the list or the owner's own patterns; "" if the agent is a person's."""
    name = know_agent(user_agent).bot
    if not name and user_agent:
        name = next((found[0] for pattern in own if (found := pattern.search(user_agent[:LOOKED_AT]))), "")
    return name


def own_bots(patterns: Sequence[str]) -> tuple[re.Pattern[str], ...]:
    """
    Compiles the owner's own `patterns`, which are searched for in user agents, ignoring case.

    Raises ConfigError, which names the pattern, if one is not a regular expression, or matches every agent.
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
    """The browser or system in an agent, according to ua-parser; "" for what it does not contain."""

    family: str = ""
    major: str = ""
    minor: str = ""


def _name(said: _Said, names: Mapping[str, str]) -> str:
    return _tidy(names.get(said.family, said.family)) or UNKNOWN


def _version(said: _Said, name: str) -> str:
    """
    The name with the version that people know: `Firefox 131`, `Safari 17.5`; only the name for a Linux distribution.

    >>> _version(_Said("iOS", "17", "0"), "iOS"), _version(_Said("Windows", "10"), "Windows")
    ('iOS 17', 'Windows 10+')
    """
    if not said.major or name == UNKNOWN or (name == "Linux" and said.family != name):
        return name
    version = _tidy(f"{name} {said.major}" + (f".{said.minor}" if said.minor not in ("", "0") else ""))
    return f"{version}+" if version in FROZEN else version


class _Matchers:
    """ua-parser's expressions for one question; only those that may match an agent are tried, and the first match wins."""

    def __init__(self, matchers: Sequence[Any]):
        self._matchers, self._shortlist = matchers, Shortlist([each.regex for each in matchers])

    def find(self, agent: str) -> _Said:
        """The first match in the user agent, or None."""
        found = (self._matchers[place](agent) for place in self._shortlist.of(agent))
        return next((_Said(each.family or "", each.major or "", each.minor or "") for each in found if each), _Said())


@cache
def _matchers() -> tuple[_Matchers, _Matchers]:
    browsers, systems = _of_ua_parser()
    return _Matchers(browsers), _Matchers(systems)


def _of_ua_parser() -> tuple[Sequence[Any], Sequence[Any]]:
    """Its matchers of browsers and of systems, in pure Python; expressions are compiled when first tried."""
    from ua_parser import load_lazy_builtins

    browsers, systems, _ = load_lazy_builtins()
    return browsers, systems


def expressions() -> list[str]:
    """All expressions that shortlists are made of: those of browsers, systems and bots."""
    return [each.regex for matchers in _of_ua_parser() for each in matchers] + [each for each, _ in read_list()[1]]


def _tidy(name: str) -> str:
    """`name` as it can be stored and shown."""
    return "".join(letter for letter in name if letter.isprintable()).strip(" -_/:;,.()'\"+")[:LONGEST_NAME]
