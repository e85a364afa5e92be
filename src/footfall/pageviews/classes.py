"""
Classes of values: what some values of a dimension have in common, for showing them. Nothing is counted by class.

A new class of bots, or another bot, is a row here; the dashboard marks it by what the API says.
"""

AI = "AI"

# Crawlers that gather for AI models or fetch for their users, as they call themselves, in lower case.
BOT_CLASSES: dict[str, str] = dict.fromkeys(
    (
        "ai2bot", "amazonbot", "anthropic-ai", "bytespider", "ccbot", "chatgpt-user", "claude-searchbot", "claude-user",
        "claude-web", "claudebot", "cohere-ai", "cohere-training-data-crawler", "deepseekbot", "diffbot", "duckassistbot",
        "facebookbot", "google-cloudvertexbot", "google-extended", "googleother", "gptbot", "grokbot", "imagesiftbot",
        "meta-externalagent", "meta-externalfetcher", "mistralai-user", "oai-searchbot", "omgili", "pangubot",
        "perplexity-user", "perplexitybot", "timpibot", "tiktokspider", "webzio-extended", "xai-bot", "youbot",
    ),
    AI,
)  # fmt: skip

CLASSES: dict[str, dict[str, str]] = {"bot": BOT_CLASSES}
"""Dimension -> value in lower case -> class."""
