"""
Classes of bots: what they are for. A new bot or class is a row here.

Names listed here take precedence. Other bots get their class from crawler-user-agents' tags, or from the rule that recognized
them; see bots.py.
"""

import re
from collections.abc import Collection, Mapping

SEARCH, AI_TRAINING, AI_SEARCH, AI_ASSISTANT = "search", "AI training", "AI search", "AI assistant"
SEO, MONITOR, PREVIEW, FEED_READER = "SEO", "monitor", "preview", "feed reader"
LIBRARY, OTHER_BOT = "library", "other"

ABOUT_CLASSES: dict[str, str] = {
    SEARCH: "Indexes pages for a search engine.",
    AI_TRAINING: "Collects pages to train AI models, or to sell for training.",
    AI_SEARCH: "Indexes pages for an AI's answers.",
    AI_ASSISTANT: "An AI opens the page right now because a person asked it something.",
    SEO: "Analyses pages for search engine optimization.",
    MONITOR: "Checks whether the site answers, and how fast.",
    PREVIEW: "Previews a link before anyone opens it.",
    FEED_READER: "Fetches new articles for subscribers.",
    LIBRARY: "A program under its own name, usually that of its HTTP library.",
    OTHER_BOT: "Archives, research, advertising, security scanners, and bots of unknown purpose.",
}
"""What each means, in the order in which they are documented."""
FOR_READERS = frozenset({SEARCH, AI_TRAINING, AI_SEARCH, AI_ASSISTANT})
"""People find, or are told, what these read: so `bot_page` counts the pages that each of them read."""

OF_AI = frozenset({AI_TRAINING, AI_SEARCH, AI_ASSISTANT})

# The names they use, in lower case.
_NAMES: dict[str, tuple[str, ...]] = {
    SEARCH: (
        "applebot", "baiduspider", "bingbot", "bravebot", "coccocbot", "duckduckbot", "exabot-thumbnails",
        "google-inspectiontool", "googlebot", "googlebot-image", "googlebot-news", "googlebot-video", "kagibot",
        "mojeekbot", "msnbot", "naverbot", "petalbot", "qwantbot", "seekportbot", "seznambot", "slurp", "sogou",
        "storebot-google", "yandexbot", "yandeximages", "yeti", "yisouspider",
    ),
    AI_TRAINING: (
        "ai2bot", "aiwebindex", "amazonbot", "anthropic-ai", "bedrockbot", "bytespider", "ccbot", "chatglm-spider",
        "claude-web", "claudebot", "cloudvertexbot", "cohere-command", "cohere-training-data-crawler", "cotoyogi",
        "cragcrawler", "crawlspace", "deepseekbot", "diffbot", "facebookbot", "factset_spyderbot", "friendlycrawler",
        "google-cloudvertexbot", "google-extended", "googleother", "googleother-image", "googleother-video", "gptbot",
        "grokbot", "groq-bot", "huggingface-bot", "icc-crawler", "imagesiftbot", "img2dataset", "kangaroo bot",
        "kimibot", "laiondownloader", "meta-externalagent", "mozilla-tabstack", "mycentralaiscraperbot", "nagetbot",
        "omgili", "omgilibot", "pangubot", "qwenbot", "reflectionbot", "replicate-bot", "sbintuitionsbot",
        "terra cotta", "tiktokspider", "timpibot", "together-bot", "velenpublicwebcrawler", "wardbot", "webzio",
        "webzio-extended", "wrtnbot", "xai-bot", "yandexadditional", "yandexadditionalbot",
    ),
    AI_SEARCH: (
        "addsearchbot", "amazon-kendra", "amzn-searchbot", "andibot", "anomura", "atlassian-bot", "azureai-searchbot",
        "channel3bot", "claude-searchbot", "cloudflare-autorag", "exabot", "exasearchbot", "iaskbot", "iaskspider",
        "kimi-searchbot", "linerbot", "linkupbot", "meta-webindexer", "mistralai-index", "oai-searchbot", "perplexitybot",
        "phindbot", "querit-searchbot", "queritbot", "tavilybot", "youbot", "zanistabot",
    ),
    AI_ASSISTANT: (
        "ai2bot-deepresearcheval", "amazon-qbusiness", "amazonbuyforme", "amzn-user", "anchor browser", "bigsur.ai",
        "chatgpt agent", "chatgpt-browser", "chatgpt-user", "claude-code", "claude-user", "cohere-ai", "cursor",
        "devin", "duckassistbot", "geisthaus-pagefetcher", "gemini-deep-research", "githubcopilotchat", "google-agent",
        "google-firebase", "google-gemini-cli", "google-gemininotebook", "google-notebooklm", "googleagent-mariner",
        "googleagent-search", "googleagent-urlcontext", "grok-deepsearch", "grokagent", "kagi-fetcher", "kimi-user",
        "klaviyoaibot", "manus-user", "meta-externalfetcher", "mistralai-user", "notebooklm", "novaact", "oai-operator",
        "opencode", "operator", "perplexity-user", "perplexityuser", "poggio-citations", "qualifiedbot", "tongyibot",
        "twinagent", "useai", "yiyanbot",
    ),
    SEO: (
        "ahrefsbot", "ahrefssiteaudit", "barkrowler", "blexbot", "dataforseobot", "dotbot", "mj12bot", "rogerbot",
        "semrushbot", "seokicks", "serpstatbot", "siteauditbot",
    ),
    MONITOR: ("datadogsynthetics", "kube-probe", "ptst", "statuscake"),
    PREVIEW: (
        "bluesky", "cardyb", "discordbot", "facebookexternalhit", "linkedinbot", "mastodon", "meta-externalhit",
        "pinterestbot", "skypeuripreview", "slack-imgproxy", "slackbot", "telegrambot", "twitterbot", "viber", "whatsapp",
    ),
    FEED_READER: ("feedfetcher-google", "feedly", "freshrss", "inoreader", "miniflux", "netnewswire", "newsblur"),
}  # fmt: skip
BOT_CLASSES: dict[str, str] = {name: kind for kind, names in _NAMES.items() for name in names}
"""Name in lower case -> class."""
_TELLING = re.compile("bot|crawler|spider|scraper|-user$|^(?:cursor|operator)$")
PLAIN_NAMES_OF_AI: dict[str, list[str]] = {
    kind: [name for name in _NAMES[kind] if not _TELLING.search(name)] for kind in (AI_TRAINING, AI_SEARCH, AI_ASSISTANT)
}
"""Class -> names that do not look like a bot's. In the editor Cursor, a person may also view a page."""
CLASSES: dict[str, dict[str, str]] = {"bot": BOT_CLASSES}
"""Dimension -> value in lower case -> class, for showing it beside the value."""

# The list's tags, the most specific first. `seo` is left out, since the list also uses it for bots without a tag of their own.
_TAGS = {
    "social-preview": PREVIEW, "feed-reader": FEED_READER, "monitoring": MONITOR, "search-engine": SEARCH,
    "http-library": LIBRARY, "archiver": OTHER_BOT, "academic": OTHER_BOT, "advertising": OTHER_BOT, "scanner": OTHER_BOT,
    "browser-automation": OTHER_BOT,
}  # fmt: skip
_OF_SEO = re.compile(r"\bseo|search engine optimi|backlink|keyword|ranking|(?:site|website) audit", re.IGNORECASE)
_WORDS = {
    re.compile(r"-user$", re.IGNORECASE): AI_ASSISTANT,
    re.compile(r"-searchbot$|\bai-search\b|^amazon-kendra\b", re.IGNORECASE): AI_SEARCH,
    re.compile(r"rss|feed|podcast", re.IGNORECASE): FEED_READER,
    re.compile(r"\bseo|backlink", re.IGNORECASE): SEO,
}
"""What unknown names suggest."""
_SEARCHES, _IS_ASKED = re.compile("search", re.IGNORECASE), re.compile("-?user$", re.IGNORECASE)


def class_of_name(name: str, known: Mapping[str, str]) -> str:
    """The class of a bot by its name; "" if the name does not say. `known` has more names in lower case."""
    bare = name.partition("/")[0].strip().lower()
    found = BOT_CLASSES.get(bare) or known.get(bare)
    return found or next((kind for word, kind in _WORDS.items() if word.search(bare)), "")


def class_of_tags(name: str, tags: Collection[str], about: str) -> str:
    """The class of a row of crawler-user-agents: its pattern, its tags, and what it says about it."""
    if "ai-crawler" in tags:
        if _IS_ASKED.search(name):
            return AI_ASSISTANT
        return AI_SEARCH if "search-engine" in tags or _SEARCHES.search(name) else AI_TRAINING
    found = next((kind for tag, kind in _TAGS.items() if tag in tags), "")
    return found or (SEO if _OF_SEO.search(f"{name} {about}") else OTHER_BOT)
