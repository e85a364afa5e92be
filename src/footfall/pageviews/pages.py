"""From the path of a request to the name of a page: `/blog/a b/index.html` is the page `blog/a b`."""

import re
from fnmatch import translate
from functools import lru_cache
from glob import escape
from urllib.parse import unquote

PAGE_ENDINGS = (".html", ".htm")
PAGE_TYPES = ("text/html", "application/xhtml+xml")
# Not pages, even if the server sends HTML, as it does in place of a missing file, and for programs without output.
FILE_ENDINGS = (
    ".avif", ".bmp", ".cgi", ".css", ".csv", ".eot", ".gif", ".gz", ".ico", ".jpeg", ".jpg", ".js", ".json", ".map", ".mjs",
    ".mp3", ".mp4", ".otf", ".pdf", ".php", ".png", ".rss", ".svg", ".tgz", ".ttf", ".txt", ".wasm", ".webm", ".webmanifest",
    ".webp", ".woff", ".woff2", ".xml", ".zip",
)  # fmt: skip
# Paths without an extension that are not pages, and that programs request again and again.
FEED_NAMES = ("feed", "rss", "atom")
INTERFACES = ("/api/", "/graphql")
# A key has at most 1,024 bytes, like a sort key; bytes that are not UTF-8 may triple in size when decoded.
LONGEST_PAGE = 1024
_ADDRESS = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:)?//[^/?#]*", re.IGNORECASE)  # everything before its path
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?::\d+)?", re.IGNORECASE)
_QUERY = re.compile(r"[?#]")  # or fragment
_ENCODED = re.compile(r"(?:%[0-9a-f]{2})+", re.IGNORECASE)


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

    >>> page_name("/blog/articles/a/index.html", ("index.html",))
    'blog/articles/a'
    """
    folder, _, last = path.rpartition("/")
    name = (folder if last in index_documents else path).strip("/")
    return cut(_storable(name), LONGEST_PAGE) or "/"


def asked_page(written: str, index_documents: tuple[str, ...]) -> str:
    """
    The page that a user means, by name, key, path, or URL.

    >>> asked_page("https://www.example.org/caf%C3%A9/index.html?utm_source=a#top", ("index.html",))
    'café'
    """
    return page_name(_path(written), index_documents)


def also_meant(page: str, index_documents: tuple[str, ...]) -> tuple[str, ...]:
    """
    What else a page's name may mean if there is no such page: it may have a query, be encoded, or begin with the host.

    >>> also_meant("www.example.org/blog/a%20b/?c=d", ("index.html",))
    ('www.example.org/blog/a b', 'blog/a b')
    """
    path = unquote(_QUERY.split(page)[0])
    host, _, rest = path.partition("/")
    is_host = _HOST.fullmatch(host) and rest and not host.lower().endswith(PAGE_ENDINGS)
    meant = (page_name(each, index_documents) for each in ([path, rest] if is_host else [path]))
    return tuple(name for name in meant if name != page)


def asked_prefix(written: str, index_documents: tuple[str, ...]) -> str:
    """
    The prefix of the requested pages, in the same spellings; `/` means all pages.

    >>> asked_prefix("https://www.example.org/blog/", ("index.html",)), asked_prefix("/blog/index.html", ("index.html",))
    ('blog/', 'blog/')
    """
    folder, slash, last = unquote(_path(written)).rpartition("/")
    return _storable((folder + slash + ("" if slash and last in index_documents else last)).lstrip("/"))


def page_pattern(written: str, index_documents: tuple[str, ...]) -> str:
    """
    A regular expression for page names, from a shell pattern for names, paths or keys: `drafts/*`, `/admin/index.html`.

    An index document stands for its folder, but not for other documents in it, whose names end in `.html`.
    """
    decoded = _ENCODED.sub(lambda found: escape(unquote(found[0])), written)
    folder, slash, last = decoded.strip("/").rpartition("/")
    if last not in index_documents:
        return translate(_storable(folder + slash + last) or "/")
    return rf"(?!.*\.html?\Z)(?!/\Z){translate(_storable(folder))}" if folder else translate("/")


def _path(written: str) -> str:
    """The decoded path of a URL, or of a text that begins with `/`; any other text is returned as it is."""
    address = _ADDRESS.match(written)
    if not address and not written.startswith("/"):
        return written
    return unquote(_QUERY.split(written[address.end() :].rstrip() if address else written)[0])


def _storable(name: str) -> str:
    """A leading `#` is percent-encoded: in DynamoDB, the keys of everything except views begin with it."""
    return "%23" + name[1:] if name.startswith("#") else name


def cut(text: str, most_bytes: int) -> str:
    """`text` cut to at most `most_bytes` of UTF-8, between characters."""
    if len(text) * 4 <= most_bytes:
        return text
    return text.encode("utf-8", "replace")[:most_bytes].decode("utf-8", "ignore")
