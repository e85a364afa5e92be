"""
Downloads: files that people keep or play, and feeds that programs fetch for them. They are not pages, but are read.

Neither files that belong to pages nor files for programs (data, sitemaps, `robots.txt`) are downloads.
"""

from .pages import FEED_NAMES, cut

LONGEST_FILE = 512  # bytes
# By file extension, in lower case: documents and books, archives and programs, audio and video.
DOWNLOADS = (
    ".pdf", ".epub", ".mobi", ".doc", ".docx", ".odt", ".rtf", ".xls", ".xlsx", ".ods", ".csv", ".ppt", ".pptx", ".odp", ".ics",
    ".zip", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".7z", ".rar", ".tar", ".jar", ".whl", ".deb", ".rpm", ".apk", ".exe", ".msi",
    ".dmg", ".pkg", ".iso", ".img", ".appimage", ".mp3", ".m4a", ".ogg", ".opus", ".flac", ".wav", ".mp4", ".m4v", ".mov",
    ".webm", ".mkv",
)  # fmt: skip
FEEDS = (".rss", ".atom")
# The names that site generators use for feeds.
FEED_FILES = frozenset(
    (*FEED_NAMES, *(f"{name}{ending}" for name in (*FEED_NAMES, "index") for ending in (".xml", ".json")), "feeds.xml")
) - {"index.json"}


def download_of(path: str | None) -> str | None:
    """
    The name of a download or feed: its path without the leading slash; None for anything else.

    >>> [download_of(path) for path in ("/files/A.PDF", "/blog/index.xml", "/feed", "/sitemap.xml", "/style.css")]
    ['files/A.PDF', 'blog/index.xml', 'feed', None, None]
    """
    lower = (path or "").lower()
    if not lower.endswith(DOWNLOADS) and not lower.endswith(FEEDS) and lower.rpartition("/")[2] not in FEED_FILES:
        return None
    return cut((path or "").removeprefix("/"), LONGEST_FILE) or None
