"""From an object's key to a page's name: `blog/a%2520b/index.html` is the page `blog/a b`."""

from functools import lru_cache
from urllib.parse import unquote_to_bytes

PAGE_ENDINGS = (".html", ".htm")
# A key has at most 1,024 bytes, and so has a sort key; bytes that are not UTF-8 may grow threefold when decoded.
LONGEST_PAGE = 1024


def decode_key(key: str) -> str:
    """
    The object's key, from the key as logged: percent-encoded twice, by the operations that read.

    Bytes that are not UTF-8 become U+FFFD.

    >>> decode_key("caf%25C3%25A9/a%2520b.html")
    'café/a b.html'
    """
    if "%" not in key:
        return key
    return unquote_to_bytes(unquote_to_bytes(key)).decode("utf-8", "replace")


def is_page(key: str, index_documents: tuple[str, ...]) -> bool:
    """Whether a decoded key is an index document, an HTML document or a folder."""
    return key.endswith("/") or key.lower().endswith(PAGE_ENDINGS) or key.rpartition("/")[2] in index_documents


@lru_cache(maxsize=4096)
def page_name(key: str, index_documents: tuple[str, ...]) -> str:
    """
    The page of a decoded key: without index document and slashes at its ends; the root is `/`.

    A leading `#` is percent-encoded, because rollups and the ledger live in partitions that begin with it.

    >>> page_name("blog/articles/a/index.html", ("index.html",))
    'blog/articles/a'
    """
    folder, _, last = key.rpartition("/")
    name = (folder if last in index_documents else key).strip("/")
    if name.startswith("#"):
        name = "%23" + name[1:]
    return cut(name, LONGEST_PAGE) or "/"


def cut(text: str, most_bytes: int) -> str:
    """`text` cut at a character to so many bytes of UTF-8."""
    if len(text) * 4 <= most_bytes:
        return text
    return text.encode("utf-8", "replace")[:most_bytes].decode("utf-8", "ignore")
