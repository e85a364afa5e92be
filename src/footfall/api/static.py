"""
The dashboard's files, open to everyone: they contain no counts.

index.html contains the version and refers to the files in `bundle/`. Each is served under a name with a hash of its content,
so browsers can cache it forever. index.html itself is revalidated at every visit. The view for frames of other sites is the
same page with a class, at its own path: no cache, even one that ignores queries, can confuse the two.
All are compressed once, when the application starts: that takes about 10 ms, and cuts a first visit to a third of the bytes.
"""

import gzip
from collections.abc import Sequence
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from .errors import error_response
from .middleware import security_policy
from .responses import cacheable

FOLDER = Path(__file__).parent.parent / "dashboard"
HTML = "text/html; charset=utf-8"
TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
EMBEDDED = "/embed"
REVALIDATED = "no-cache"
FOR_EVER = "public, max-age=31536000, immutable"


class File(NamedTuple):
    """A file to serve."""

    content: bytes
    packed: bytes
    """The same, by gzip."""
    media_type: str
    cache_control: str
    policy: str
    """Its Content-Security-Policy."""

    @classmethod
    def of(cls, content: bytes, media_type: str, cache_control: str, framed_by: Sequence[str] = ()) -> "File":
        """A file and its gzip form, the same bytes each time."""
        return cls(content, gzip.compress(content, mtime=0), media_type, cache_control, security_policy(framed_by))


def find_files(folder: Path = FOLDER, framed_by: Sequence[str] = ()) -> dict[str, File]:
    """
    Files by URL path: index.html at `/`, the bundle at `/assets/...`; empty if there is no such folder.

    Pages of the origins `framed_by` may show the one at `/embed`.
    """
    index = folder / "index.html"
    if not index.exists():
        return {}
    html = index.read_text("utf-8").replace("{version}", version("footfall"))
    files = {}
    for path in sorted((folder / "bundle").iterdir()):
        content = path.read_bytes()
        name = f"{path.stem}-{sha256(content).hexdigest()[:16]}{path.suffix}"
        html = html.replace(f'"assets/{path.name}"', f'"assets/{name}"')
        files[f"/assets/{name}"] = File.of(content, TYPES[path.suffix], FOR_EVER)
    embedded = html.replace('<html lang="en">', '<html lang="en" class="embedded">')
    return {
        "/": File.of(html.encode(), HTML, REVALIDATED),
        EMBEDDED: File.of(embedded.encode(), HTML, REVALIDATED, framed_by),
        **files,
    }


def serve_file(files: dict[str, File], request: Request) -> Response:
    """Serve one of `files`; any other name is a 404."""
    file = files.get(request.url.path)
    if file is None:
        return error_response(
            404,
            "the dashboard has no such file; reload its page"
            if files
            else "this footfall was built without a dashboard; the API is described at /openapi.json",
        )
    is_packed = _takes_gzip(request.headers.get("accept-encoding", ""))
    content = file.packed if is_packed else file.content
    # The policy makes the tag too: else a browser would keep the page with a policy that was changed since.
    identity = file.policy.encode() + file.content
    response = cacheable(request, Response(content, media_type=file.media_type), identity, is_public=False)
    response.headers["Content-Security-Policy"] = file.policy
    response.headers["Cache-Control"] = file.cache_control
    response.headers["Vary"] = "Accept-Encoding"
    if is_packed and response.status_code == 200:
        response.headers["Content-Encoding"] = "gzip"
    return response


def _takes_gzip(accepted: str) -> bool:
    """
    Whether `Accept-Encoding` allows gzip.

    >>> [_takes_gzip(text) for text in ("gzip, br", "br;q=1.0, gzip;q=0.8", "gzip;q=0", "identity", "")]
    [True, True, False, False, False]
    """
    ways = (way.replace(" ", "").lower().partition(";q=") for way in accepted.split(","))
    return any(name == "gzip" and (quality.strip("0.") or not said) for name, said, quality in ways)
