"""
Familiar names of referrers and their channels: `news.ycombinator.com` is Hacker News.

ORIGINS is the only table. Reports group hosts by it when they are run, so a new row applies to all days; channels are counted
by it, so there it applies from then on. Hosts are those that browsers and apps send as the referrer; Android apps send their
package. Longer lists exist: Umami's src/lib/constants.ts, and Snowplow's referer-parser. The channels are a subset of Google
Analytics': https://support.google.com/analytics/answer/9756891.
"""

from functools import cache, lru_cache
from typing import NamedTuple

from .campaigns import Tags
from .referrers import DIRECT, INTERNAL

SEARCH, AI, SOCIAL, EMAIL, REFERRAL = "Search", "AI assistants", "Social", "Email", "Referral"
CHANNELS = ("Direct", SEARCH, AI, SOCIAL, EMAIL, "Paid", REFERRAL, "Internal")
NO_REFERRER, PAID, FROM_INSIDE = CHANNELS[0], CHANNELS[5], CHANNELS[7]


class Origin(NamedTuple):
    """A place that many readers come from."""

    name: str
    """Its familiar name; in lower case, also a tag in links."""
    channel: str
    hosts: tuple[str, ...]
    """Hosts, including all their subdomains; `google.*` stands for every country."""
    tags: tuple[str, ...] = ()
    """Other tags in links."""


ORIGINS = (
    Origin("ChatGPT", AI, ("chatgpt.com", "chat.openai.com", "com.openai.chatgpt"), ("openai",)),
    Origin("Claude", AI, ("claude.ai", "claude.com", "com.anthropic.claude"), ("anthropic",)),
    Origin("Perplexity", AI, ("perplexity.ai", "ai.perplexity.app.android")),
    Origin("Gemini", AI, ("gemini.google.com", "bard.google.com", "com.google.android.apps.bard")),
    Origin("Copilot", AI, ("copilot.microsoft.com", "copilot.cloud.microsoft", "com.microsoft.copilot")),
    Origin("Meta AI", AI, ("meta.ai",)),
    Origin("Grok", AI, ("grok.com", "ai.x.grok")),
    Origin("DeepSeek", AI, ("deepseek.com", "com.deepseek.chat")),
    Origin("Mistral", AI, ("chat.mistral.ai",), ("le chat",)),
    Origin("You.com", AI, ("you.com",)),
    Origin("Phind", AI, ("phind.com",)),
    Origin("Poe", AI, ("poe.com",)),
    Origin("Gmail", EMAIL, ("mail.google.com", "com.google.android.gm")),
    Origin("Outlook", EMAIL, (
        "outlook.live.com", "outlook.office.com", "outlook.office365.com", "com.microsoft.office.outlook",
    )),
    Origin("Yahoo Mail", EMAIL, ("mail.yahoo.com", "com.yahoo.mobile.client.android.mail")),
    Origin("Proton Mail", EMAIL, ("mail.proton.me", "ch.protonmail.android")),
    Origin("Fastmail", EMAIL, ("app.fastmail.com",)),
    Origin("GMX", EMAIL, ("gmx.net", "gmx.com", "deref-gmx.net", "deref-gmx.com")),
    Origin("Web.de", EMAIL, ("web.de", "deref-web.de")),
    Origin("Mail.ru", EMAIL, ("e.mail.ru",)),
    Origin("Mailchimp", EMAIL, ("list-manage.com", "campaign-archive.com")),
    Origin("Google Docs", REFERRAL, ("docs.google.com", "drive.google.com", "sites.google.com")),
    Origin("Google Groups", REFERRAL, ("groups.google.com",)),
    Origin("Google Classroom", REFERRAL, ("classroom.google.com",)),
    Origin("Google News", REFERRAL, ("news.google.com", "com.google.android.apps.magazines")),
    Origin("Google Translate", REFERRAL, ("translate.google.com", "translate.goog")),
    Origin("YouTube", SOCIAL, ("youtube.com", "youtu.be", "com.google.android.youtube")),
    Origin("Google", SEARCH, ("google.*", "com.google.android.googlequicksearchbox", "googleadservices.com")),
    Origin("Bing", SEARCH, ("bing.com", "com.microsoft.bing")),
    Origin("DuckDuckGo", SEARCH, ("duckduckgo.com", "com.duckduckgo.mobile.android"), ("ddg",)),
    Origin("Yahoo", SEARCH, ("search.yahoo.com", "yahoo.*", "search.yahoo.co.jp")),
    Origin("Yandex", SEARCH, ("yandex.*", "ya.ru", "ru.yandex.searchplugin")),
    Origin("Baidu", SEARCH, ("baidu.com",)),
    Origin("Ecosia", SEARCH, ("ecosia.org",)),
    Origin("Brave Search", SEARCH, ("search.brave.com",), ("brave",)),
    Origin("Startpage", SEARCH, ("startpage.com",)),
    Origin("Qwant", SEARCH, ("qwant.com",)),
    Origin("Kagi", SEARCH, ("kagi.com",)),
    Origin("Mojeek", SEARCH, ("mojeek.com",)),
    Origin("Marginalia", SEARCH, ("search.marginalia.nu", "marginalia-search.com")),
    Origin("Naver", SEARCH, ("search.naver.com", "naver.com")),
    Origin("Seznam", SEARCH, ("search.seznam.cz", "seznam.cz")),
    Origin("Sogou", SEARCH, ("sogou.com",)),
    Origin("AOL", SEARCH, ("search.aol.com", "aol.com")),
    Origin("X", SOCIAL, ("t.co", "twitter.com", "x.com", "com.twitter.android"), ("twitter",)),
    Origin("Facebook", SOCIAL, ("facebook.com", "fb.com", "fb.me", "com.facebook.katana", "com.facebook.lite"), ("fb",)),
    Origin("Messenger", SOCIAL, ("messenger.com", "m.me", "com.facebook.orca")),
    Origin("Instagram", SOCIAL, ("instagram.com", "com.instagram.android"), ("ig",)),
    Origin("Threads", SOCIAL, ("threads.net", "threads.com", "com.instagram.barcelona")),
    Origin("LinkedIn", SOCIAL, ("linkedin.com", "lnkd.in", "com.linkedin.android")),
    Origin("Reddit", SOCIAL, ("reddit.com", "redd.it", "com.reddit.frontpage")),
    Origin("Hacker News", SOCIAL, ("news.ycombinator.com", "hckrnews.com", "hn.algolia.com"), ("hn", "hackernews")),
    Origin("Lobsters", SOCIAL, ("lobste.rs",)),
    Origin("Bluesky", SOCIAL, ("bsky.app", "xyz.blueskyweb.app")),
    Origin("Mastodon", SOCIAL, (
        "mastodon.social", "mastodon.online", "mstdn.social", "fosstodon.org", "hachyderm.io", "infosec.exchange",
        "mas.to", "chaos.social", "mastodon.world", "joinmastodon.org", "org.joinmastodon.android",
    )),
    Origin("Pinterest", SOCIAL, ("pinterest.*", "pin.it", "com.pinterest")),
    Origin("TikTok", SOCIAL, ("tiktok.com", "com.zhiliaoapp.musically")),
    Origin("Telegram", SOCIAL, ("t.me", "telegram.org", "telegram.me", "org.telegram.messenger")),
    Origin("WhatsApp", SOCIAL, ("whatsapp.com", "wa.me", "com.whatsapp")),
    Origin("Discord", SOCIAL, ("discord.com", "discordapp.com", "com.discord")),
    Origin("Slack", SOCIAL, ("slack.com", "slack-redir.net", "com.slack")),
    Origin("Microsoft Teams", SOCIAL, ("teams.microsoft.com", "statics.teams.cdn.office.net", "com.microsoft.teams")),
    Origin("VK", SOCIAL, ("vk.com", "com.vkontakte.android")),
    Origin("Weibo", SOCIAL, ("weibo.com", "weibo.cn", "t.cn")),
    Origin("Quora", SOCIAL, ("quora.com", "com.quora.android")),
    Origin("Stack Overflow", SOCIAL, ("stackoverflow.com", "stackexchange.com")),
    Origin("Medium", SOCIAL, ("medium.com",)),
    Origin("Tumblr", SOCIAL, ("tumblr.com", "com.tumblr")),
    Origin("Product Hunt", REFERRAL, ("producthunt.com",), ("producthunt",)),
    Origin("GitHub", REFERRAL, ("github.com", "com.github.android")),
    Origin("Wikipedia", REFERRAL, ("wikipedia.org",)),
    Origin("Pocket", REFERRAL, ("getpocket.com",)),
    Origin("Feedly", REFERRAL, ("feedly.com",)),
    Origin("Inoreader", REFERRAL, ("inoreader.com",)),
)  # fmt: skip
# What may be between a name and its country, as in `google.co.uk`.
_SECOND_LEVEL = frozenset({"co", "com", "org", "net"})
# By a link's utm_medium, if the source is not a row; paid links are handled before.
MEDIA = {
    EMAIL: ("email", "e-mail", "e_mail", "e mail", "mail", "newsletter"),
    SOCIAL: (
        "social",
        "social-network",
        "social-media",
        "social_network",
        "social_media",
        "social network",
        "social media",
        "sm",
    ),
    SEARCH: ("organic", "search"),
}
_CHANNEL_OF_MEDIUM = {medium: channel for channel, media in MEDIA.items() for medium in media}


@cache
def _by_place() -> dict[str, Origin]:
    named = [(tag, row) for row in ORIGINS for tag in (row.name.lower(), *row.tags)]
    return {**dict(named), **{host: row for row in ORIGINS for host in row.hosts}}


@lru_cache(maxsize=4096)
def origin_of(place: str) -> Origin | None:
    """
    The row of a referrer's host, or of the source in a link's tags.

    >>> [origin_of(each).name for each in ("google.co.uk", "mail.google.com", "old.reddit.com", "hn")]
    ['Google', 'Gmail', 'Reddit', 'Hacker News']
    >>> origin_of("google.evil.example")
    """
    known, labels = _by_place(), place.split(".")
    for number, label in enumerate(labels):
        after = labels[number + 1 :]
        if found := known.get(".".join(labels[number:])):
            return found
        is_country = len(after) == 1 or (len(after) == 2 and after[0] in _SECOND_LEVEL)
        if is_country and (found := known.get(f"{label}.*")):
            return found
    return None


def source_name(host: str) -> str:
    """
    The familiar name of a referrer; a host without one is returned as it is.

    >>> source_name("com.google.android.gm"), source_name("blog.example"), source_name("(direct)")
    ('Gmail', 'blog.example', '(direct)')
    """
    found = origin_of(host)
    return found.name if found else host


def channel_of(host: str | None, tags: Tags | None) -> str | None:
    """
    The channel of a view, by its referrer's host and its link's tags; None if the log has neither. Paid links take precedence,
    then tags, then the referrer.
    """
    if host == INTERNAL:
        return FROM_INSIDE
    if tags is not None:
        if tags.is_paid:
            return PAID
        of_medium = _CHANNEL_OF_MEDIUM.get(tags.medium) or (EMAIL if tags.source in MEDIA[EMAIL] else None)
        of_source = origin_of(tags.source) if tags.source else None
        if of_medium == EMAIL or (of_medium and not of_source):
            return of_medium
        if of_source:
            return of_source.channel
    if host is None:
        return REFERRAL if tags and tags.source else None
    if host == DIRECT:
        return NO_REFERRER
    found = origin_of(host)
    return found.channel if found else REFERRAL
