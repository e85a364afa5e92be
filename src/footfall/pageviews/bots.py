"""
Identifies bots and their class: by the list of crawler-user-agents, our additions, or because no browser has such an agent.

The list is loaded on first use, not at import, so reports never wait for it.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from ..cache import Cache
from .classes import AI_ASSISTANT, LIBRARY, MONITOR, OTHER_BOT, PLAIN_NAMES_OF_AI, PREVIEW, class_of_name, class_of_tags
from .shortlist import Shortlist

# Bots that the list lacks, with their class; each match begins with the bot's name.
MORE_BOTS = (
    (r"(?:^|(?<=\)[ +]))Java(?=/\d)", LIBRARY),  # Java's own client, also as named by its applets
    (r"^(?:aws-cli|aws-sdk-\w+|Boto3)(?=/)", LIBRARY),  # AWS's own tools: used by the owner
    # Monitors and scanners that look like browsers: most say what they do.
    (r"(?i:health[- ]?check[\w-]*|uptime|synthetic|monitor(?=(?:ing)?\b)|pinger\b|page ?speed|observatory)", MONITOR),
    (r"(?i:pingdom|gtmetrix|site24x7|catchpoint|gomezagent|dejaclick|alertsite|nixstats|hetrixtools|checkly)", MONITOR),
    (r"PTST|Ruxit|GoogleHC|(?i:speedcurve|silktide|neustar wpm|dareboost|debugbear|web ?status)", MONITOR),
    (r"(?i:(?<![a-z])scanner|inspector|validator|checker\b|diagnostics|link-?check|backlink)", OTHER_BOT),
    (r"(?i:screen-?shot|screenie|webshot|web-?thumb|websnapr|web-?capture|wkhtmlto|thumbnail|siege(?=/))|mShots", OTHER_BOT),
    (r"Browsershots|Cypress(?=/)|SlimerJS|jsdom|DuplexWeb|(?<=like Gecko; )Google[- ](?!Web ?Light)", OTHER_BOT),
    (r"(?i:google[- ]?(?:ads\b|adwords|favicon|keyword|searchby))", OTHER_BOT),
    (r"PowerShell|WinHttp|(?i:http ?client\b|fetch api)", LIBRARY),
    # Bots that only add their name to the end of a browser's agent.
    (
        r"(?i:Assetnote|baidu Transcoder|burpcollaborator|Convertify|Cybaa|Daum(?=oa|/| \d)|Functionize|GoogleAdSenseInfeed)",
        OTHER_BOT,
    ),
    (
        r"(?i:Inspici\b|iplabel|mediapartners-google|Mixnode|NetworkMeasurement|Prospecting|Semantics?Classifier|WhatCMS)",
        OTHER_BOT,
    ),
    (r"(?<= )Time/\d{13}$|(?<= )[A-Z]\w+AI(?=/\d)", OTHER_BOT),
    (r"(?i:headless|Sparkler(?=/)|wappalyzer|webkit2png|WebGlance|hubspot marketing)", OTHER_BOT),
    # Link previews: fetched before anyone opens the link.
    (r"(?i:link ?preview|url ?preview|uripreview|link-?expand|unfurl|cardyb|google ?messages|image-?proxy)", PREVIEW),
    (r"(?<=; )ms-office\b|(?<=OS X\) )(?:Word|Excel|PowerPoint)(?=/)", PREVIEW),  # Office checks a link before it opens it
    # Readers for AI, by name anywhere in the agent: many only add it to a browser's agent.
    *((rf"(?i:(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w))", kind) for kind, names in PLAIN_NAMES_OF_AI.items()),
    (r"(?<!\w)[A-Za-z]\w{2,}-[Uu]ser\b", AI_ASSISTANT),
    (r"[+(] ?https?://", OTHER_BOT),  # Bots newer than the list mostly have a link to read about them, which browsers don't,
)
_CALLED_SO = re.compile(r"(?i:bot(?![a-z])|crawler|spider|scraper)")  # and have such a word in their name, at the end of a word
LONGEST_WORD = 40  # letters before that
# Phones, apps and browsers with a bot's word in their names.
NO_BOTS = re.compile(
    r"Android [\d.]+; (?:[a-z]{2}[-_][a-z]{2}; )?[^;()]+|Build/[^\s;()]+|CUBOT|HTC.(?:J )?Butterfly|Sonic(?= Slack)"
    r"|Sogou(?:MSE|MobileBrowser|Search(?= Android))|(?<= )(?:Fluid|Trae|Code)(?=/)|(?<= )Viber|MetaIAB|coccocbrowser",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"(?:https?://|www\.)[^\s;,()]+|[\w.+-]{1,64}@[\w.-]+")  # a web or mail address
_SCHEME = re.compile(r"https?:?", re.IGNORECASE)
LONGEST_HOST = 253
HOST = re.compile(r"(?:https?://)?(?:www\.)?\b([\w-]+(?:\.[\w-]+)*\.[a-z]{2,})(?![\w@])")

WORD_START = 3
_STARTS = re.compile(r"(?<![^\W_])[^\W_]")  # where a word begins

# Browsers that say "compatible", and what may follow it instead of a name.
_COMPATIBLE = re.compile(
    r"compatible[;,]?[ +]*(?![\w ]*Browse|MSP?IE|Trident|Konqueror|Opera|iCab|OmniWeb|NetPositive|IBrowse|AWeb|ABrowse|Voyager"
    r"|Teleca|Dillo|NetFront|Netscape|Amiga|OffByOne|RISC OS|ANT|KUN|Polaris|Acorn|AvantGo|AOL|Origyn|WebTV|NetSurf|Ladybird"
    r"|Windows|Linux|Android|X11|Mac|PPC|Intel|U;|I;|iPad|iPhone|compatible|Gecko|en\b|de\b)([a-z0-9][^;,()/+\[\]]*)",
    re.IGNORECASE,
)
_MAIL = re.compile(r"(?<=[\w.+-])(?:@|\(at\)| at )(?:[\w-]+\.)*([\w-]{1,63}\.[a-z]{2,})\b", re.IGNORECASE)
_MOZILLA = re.compile(r"\b[mn]?[o0]z+il+a", re.IGNORECASE)  # also with its first letter missing
# What every browser also says: its engine, or the system that it runs on.
_SYSTEM = re.compile(
    r"AppleWebKit|Gecko|KHTML|Presto|Opera|Trident|MSIE|Windows|Win[\dC]|Linux|X11|Mac|iP[hao]|Android|Symb|OS/2|BSD|SunOS|HP-UX"
    r"|IRIX|Amiga|BeOS|RISC|PlayStation|Roku|Inferno|Nintendo|BlackBerry|BB10|Nokia|Series|webOS|Tizen|Bada|MeeGo|CrOS|KAIOS|Palm|Danger|Brew"
    r"|MIDP|NetFront|Browser|Phone|Mobile|\[[a-z]{2}\b|compatible|(?-i:[^\x00-\x7f])",
    re.IGNORECASE,
)
_MOZILLA_FIRST = re.compile(r"\W*Mozilla(?:/[\d.]*)?\W*", re.IGNORECASE)
_MOZILLA_ALONE = re.compile(r"\W*(Mozilla(?:/[\d.]*)?)\W*(?:compatible\W*)?", re.IGNORECASE)
# Only a current system: every browser there also names its engine. Netscape 4, Internet Explorer and the first browsers on
# consoles did not.
_SYSTEM_ALONE = re.compile(
    r"\W*(Mozilla/5\.0) \((?:X11|Windows NT|Macintosh|Linux|Android|iPhone|iPad)\b"
    r"(?![^()]*(?:MSIE|Trident|Opera|Konqueror))[^()]*\)\W*"
)
# Browsers that do not claim to be Mozilla: text browsers, and those of the first years, old phones and televisions. Also
# `(not kept)`, for items of an imported table without an agent: see stores.imported.NOT_KEPT.
_OWN_NAME = re.compile(
    r"""\A\(not[ ]kept\)\Z
    |\A\W*(?:Lynx|E?Links|w3m|Emacs|URL/Emacs|edbrowse|retawq|netrik|Dillo|NetSurf|amaya
    |Amiga|IBrowse|Voyager|AWeb|HotJava
    |\w*Mosaic|Arachne|Charon|Contiki|Bunjalloo|BriskBard|Palmscape|Xiino|Konqueror|OmniWeb|iCab|Uzbl|Opera|UCWEB|JUC|Nokia|BlackBerry
    |SonyEricsson|Samsung|SEC-|LG[-/]|MOT-|SIE-|HTC|Sagem|Alcatel|Motorola|Huawei|ZTE|Lenovo|Panasonic|Philips|Sharp|Sanyo|Toshiba
    |Pantech|Palm|Treo|KDDI|DoCoMo|J-PHONE|Vodafone|SoftBank|portalmmm|TIANYU|Micromax|Karbonn|GIONEE|Spice|T-Mobile|\[FBAN/)
    |AppleWebKit|Gecko/|Presto/|\bOpera\b|MIDP|CLDC|UP\.(?:Browser|Link)|WAP[\d.]*[ _-]?Browser|\bWAP|NetFront|Obigo|Teleca|MAUI
    |UCWEB|UCBrowser|OPR/|MQQBrowser|OpenWave|Series ?[46]0|Symbian|SHP/VPP|HbbTV|CE-HTML|(?<![a-z])Browser\b""",
    re.IGNORECASE | re.VERBOSE,
)
# A program's name before a whole agent of a desktop browser; with a quote between them, it is the end of the referrer.
_BEFORE = re.compile(r'(?!\W*Mozilla\b)([^()"]*?\w)[^\w"]+Mozilla/5\.0 \((?:Windows NT|X11|Macintosh|iPhone)')
# An address in the agent of a current browser. Agents with MSIE or "U;" had addresses from toolbars and owners.
_VISITING_CARD = re.compile(r"Mozilla/5\.0 (?!.*(?:MSIE|Konqueror|\bU;|uaprof)).*?[; ](https?://|www\.)", re.IGNORECASE)
# A program's name at the beginning, without its version and its text in brackets.
_FIRST_NAME = re.compile(r"\W*([^/(;,\[<{|]*?)(?=\s+\(?v?\d+\.\d|\s+\S+@|[/(;,\[<{|]|\s*$)")


class Bot(NamedTuple):
    """A bot's name and class."""

    name: str
    """"" for a person's browser."""
    kind: str = OTHER_BOT
    """Its class."""


class Span(NamedTuple):
    """The part of a user agent that identifies a bot, and the class of such bots."""

    start: int
    end: int
    kind: str


def find_bot(agent: str) -> Bot:
    """The bot: by its words if possible, else by the form of its agent, or by its address."""
    text = NO_BOTS.sub("", agent)
    words = ADDRESS.sub(" ", text)  # "yandex.com/bots" is not a name
    found = _by_words(words) or _by_form(agent) or (words != text and _by_words(text)) or Bot("")
    if _SCHEME.fullmatch(found.name) and (host := HOST.search(agent)):  # its address is all that it gives
        return found._replace(name=host[1])
    return found


def _by_words(text: str) -> Bot | None:
    """By the list, and our additions."""
    found = [*_bots().spans(text)]
    if called := _CALLED_SO.search(text):
        found.append(Span(_word_start(text, called.start(), LONGEST_WORD), called.end(), ""))
    if not found:
        return None
    first = min(found, key=lambda span: (span.start, -span.end))
    name = _named(text, first.start, first.end)
    said = (span.kind for span in (first, *found) if span.kind and span.start < first.end)
    return Bot(name, _bots().class_of(name) or next(said, OTHER_BOT)) if name else None


def _by_form(agent: str) -> Bot | None:
    """By its form: no browser says "compatible" before another name, gives an address for mail, or says so little."""
    if compatible := _COMPATIBLE.search(agent):
        return _classed(compatible[1].strip())
    if alone := _MOZILLA_ALONE.fullmatch(agent) or _SYSTEM_ALONE.fullmatch(agent):
        return Bot(alone[1])
    if mail := _MAIL.search(agent):
        return _classed(_first_name(agent) or mail[1])
    if (before := _BEFORE.match(agent)) and not _OWN_NAME.search(before[1]):
        return _classed(host[1] if (host := HOST.match(before[1])) else _name_of_words(before[1]))
    if on_card := _host_on_card(agent):
        return Bot(on_card)
    if _MOZILLA_FIRST.match(agent) and not _SYSTEM.search(agent):
        return _classed(_name_of_words(_MOZILLA_FIRST.sub("", agent)) or "Mozilla")
    name = _first_name(agent)  # asked first, as most agents claim to be Mozilla
    return _classed(name, LIBRARY) if name and not _OWN_NAME.search(agent) else None


def _host_on_card(agent: str) -> str:
    """The host of an address that a browser of today would not have; "" without one."""
    if "://" not in agent and "www." not in agent:  # as in nearly all, and a pattern takes longer to find that out
        return ""
    card = _VISITING_CARD.match(agent)
    host = HOST.match(agent, card.start(1)) if card else None
    return host[1] if host else ""


def _classed(name: str, kind: str = OTHER_BOT) -> Bot | None:
    return Bot(name, _bots().class_of(name) or kind) if name else None


def _first_name(agent: str) -> str:
    """The name of an agent that does not claim to be Mozilla."""
    return "" if _MOZILLA.search(agent) else _name_of_words(agent)


def _name_of_words(agent: str) -> str:
    name = _FIRST_NAME.match(agent)
    return (name[1].strip() if name else "") or next(iter(re.findall(r"[^\W_][\w.-]*", agent)), "")


class _Bots:
    """The patterns of the list, and our additions, each with its class."""

    def __init__(self, words: Mapping[str, str], expressions: Sequence[tuple[str, str]]):
        self._classes = {word.strip(" /;()").lower(): kind for word, kind in words.items()}
        self._by_start: dict[str, list[tuple[str, str]]] = {}
        """Plain words by their first letters, longest first: most are plain, and searching for each would be slow."""
        for word in sorted(words, key=len, reverse=True):
            self._by_start.setdefault(word[:WORD_START], []).append((word, words[word]))
        self._anywhere = tuple((word, kind) for word, kind in words.items() if not word[0].isalnum())
        self._kinds = [kind for _, kind in expressions]
        self._compiled = Cache(lambda place: re.compile(expressions[place][0]))
        self._shortlist = Shortlist([expression for expression, _ in expressions])

    def class_of(self, name: str) -> str:
        """The class of a bot that is known by name; "" for others."""
        return class_of_name(name, self._classes)

    def spans(self, text: str) -> Iterator[Span]:
        """The positions of its first bot word, and of the first match of each kind of expression."""
        if word := self._first_word(text):
            yield word
        for other, kind in self._anywhere:
            if (place := text.find(other)) >= 0:
                yield Span(place, place + len(other), kind)
        yield from min(
            (
                [Span(match.start(), match.end(), self._kinds[place])]
                for place in self._shortlist.of(text)
                if (match := self._compiled[place].search(text))
            ),
            key=lambda found: found[0].start, default=[],
        )  # fmt: skip

    def _first_word(self, text: str) -> Span | None:
        """Only at the beginning of a word: "Sonic" is a bot, "ViewSonic" a phone."""
        for match in _STARTS.finditer(text):
            start = match.start()
            for word, kind in self._by_start.get(text[start : start + WORD_START], ()):
                if text.startswith(word, start):
                    return Span(start, start + len(word), kind)
        return None


@cache
def _bots() -> _Bots:
    return _Bots(*read_list())


# A pattern without special characters, except escaped ones.
_PLAIN = re.compile(r"(?:[^\\.^$*+?{}\[\]|()]|\\\W)+")
_ESCAPED = re.compile(r"\\(.)")


def read_list() -> tuple[dict[str, str], list[tuple[str, str]]]:
    """The words and the expressions that identify bots, each with its class; MORE_BOTS are among the expressions."""
    # Only its data: the package itself reads them in the locale's encoding, which may be ASCII.
    package = find_spec("crawleruseragents")
    folder = Path(next(iter((package and package.submodule_search_locations) or [])))
    rows = json.loads((folder / "crawler-user-agents.json").read_text("utf-8"))

    plain: dict[str, str] = {}
    rest: list[tuple[str, str]] = []
    for row in rows:
        pattern = row["pattern"]
        kind = class_of_tags(pattern, row.get("tags", ()), row.get("description", ""))
        if _PLAIN.fullmatch(pattern):
            plain[_ESCAPED.sub(r"\1", pattern)] = kind
        else:
            rest.append((pattern, kind))
    return plain, [*rest, *MORE_BOTS]


def _word_start(text: str, place: int, most: int | None = None, more: str = "_") -> int:
    """The start of the word that ends at `place`, at most `most` letters before it; `more` also count as letters."""
    first = 0 if most is None else max(place - most, 0)
    while place > first and (text[place - 1].isalnum() or text[place - 1] in more):
        place -= 1
    return place


def _named(text: str, start: int, end: int) -> str:
    """The whole word of a partial match; the host, if the match is an address."""
    if (host := HOST.search(text, start, end + LONGEST_HOST)) and host.start() < end:
        return host[1]
    if text[start : start + 1].isalnum():
        start = _word_start(text, start, more="_-")
    if text[:end][-1:].isalnum():
        end += len(re.findall(r"\A\w*", text[end:])[0])
    return text[start:end]
