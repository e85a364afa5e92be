"""
Files that people keep or play, and feeds that programs ask for on their behalf: what is no page, and yet read.

What pages are made of is none of it, and what is made for programs neither: data, sitemaps, `robots.txt`.
"""

from .pages import FEED_NAMES, cut

LONGEST_FILE = 512  # bytes
# By how a name ends, in small letters. Documents and books, archives and programs, sounds and films.
DOWNLOADS = (
    ".pdf", ".epub", ".mobi", ".doc", ".docx", ".odt", ".rtf", ".xls", ".xlsx", ".ods", ".csv", ".ppt", ".pptx", ".odp", ".ics",
    ".zip", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".7z", ".rar", ".tar", ".jar", ".whl", ".deb", ".rpm", ".apk", ".exe", ".msi",
    ".dmg", ".pkg", ".iso", ".img", ".appimage", ".mp3", ".m4a", ".ogg", ".opus", ".flac", ".wav", ".mp4", ".m4v", ".mov",
    ".webm", ".mkv",
)  # fmt: skip
FEEDS = (".rss", ".atom")
# As generators of sites call theirs.
FEED_FILES = frozenset(
    (*FEED_NAMES, *(f"{name}{ending}" for name in (*FEED_NAMES, "index") for ending in (".xml", ".json")), "feeds.xml")
) - {"index.json"}


def download_of(path: str | None) -> str | None:
    """
    The name of a download or a feed, without the slash that its path begins with; None of anything else.

    >>> [download_of(path) for path in ("/files/A.PDF", "/blog/index.xml", "/feed", "/sitemap.xml", "/style.css")]
    ['files/A.PDF', 'blog/index.xml', 'feed', None, None]
    """
    lower = (path or "").lower()
    if not lower.endswith(DOWNLOADS) and not lower.endswith(FEEDS) and lower.rpartition("/")[2] not in FEED_FILES:
        return None
    return cut((path or "").removeprefix("/"), LONGEST_FILE) or None
