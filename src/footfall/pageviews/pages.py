"""From a request's path to a page's name: `/blog/a b/index.html` is the page `blog/a b`."""

from functools import lru_cache

PAGE_ENDINGS = (".html", ".htm")
PAGE_TYPES = ("text/html", "application/xhtml+xml")
# What is no page even where a server calls it one: it does so of the page that it sends in place of a missing file, and of
# programs without output.
FILE_ENDINGS = (
    ".avif", ".bmp", ".cgi", ".css", ".csv", ".eot", ".gif", ".gz", ".ico", ".jpeg", ".jpg", ".js", ".json", ".map", ".mjs",
    ".mp3", ".mp4", ".otf", ".pdf", ".php", ".png", ".rss", ".svg", ".tgz", ".ttf", ".txt", ".wasm", ".webm", ".webmanifest",
    ".webp", ".woff", ".woff2", ".xml", ".zip",
)  # fmt: skip
# What has no ending either, and is asked for again and again by programs.
FEED_NAMES = ("feed", "rss", "atom")
INTERFACES = ("/api/", "/graphql")
# A key has at most 1,024 bytes, and so has a sort key; bytes that are not UTF-8 may grow threefold when decoded.
LONGEST_PAGE = 1024


def is_page(path: str, index_documents: tuple[str, ...]) -> bool:
    """Whether a decoded path is an index document, an HTML document or a folder."""
    return path.endswith("/") or path.lower().endswith(PAGE_ENDINGS) or path.rpartition("/")[2] in index_documents


def is_clean_url(path: str) -> bool:
    """Whether a decoded path may be a page's under a clean URL: `/about`, not `/logo.svg`, `/blog/feed` or `/api/likes`."""
    last = path.rpartition("/")[2]
    return "." not in last and last.lower() not in FEED_NAMES and not path.lower().startswith(INTERFACES)


def is_page_type(content_type: str, path: str) -> bool:
    """Whether a content type is a page's, `text/html; charset=utf-8`, and the path does not say otherwise."""
    kind = content_type.partition(";")[0].strip().lower()
    return kind in PAGE_TYPES and not path.lower().endswith(FILE_ENDINGS)


@lru_cache(maxsize=4096)
def page_name(path: str, index_documents: tuple[str, ...]) -> str:
    """
    The page of a decoded path: without index document and slashes at its ends; the root is `/`.

    A leading `#` is percent-encoded, because in DynamoDB whatever is not a view is stored under keys that begin with it.

    >>> page_name("/blog/articles/a/index.html", ("index.html",))
    'blog/articles/a'
    """
    folder, _, last = path.rpartition("/")
    name = (folder if last in index_documents else path).strip("/")
    if name.startswith("#"):
        name = "%23" + name[1:]
    return cut(name, LONGEST_PAGE) or "/"


def cut(text: str, most_bytes: int) -> str:
    """`text` cut at a character to so many bytes of UTF-8."""
    if len(text) * 4 <= most_bytes:
        return text
    return text.encode("utf-8", "replace")[:most_bytes].decode("utf-8", "ignore")
