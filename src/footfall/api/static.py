"""The dashboard's files, open to everyone: they hold no counts."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from .errors import error_response
from .responses import cacheable

FOLDER = Path(__file__).parent.parent / "dashboard"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}


def find_files(folder: Path = FOLDER) -> dict[str, Path]:
    """By their paths in a URL: index.html at `/`, what lies in assets/ at `/assets/...`; nothing where there is no folder."""
    files = {
        f"/{path.relative_to(folder).as_posix()}": path for path in sorted(folder.glob("assets/**/*")) if path.suffix in TYPES
    }
    index = folder / "index.html"
    return {"/": index, **files} if index.exists() else files


def serve_file(files: dict[str, Path], request: Request) -> Response:
    """One of `files`; other names lead nowhere, wherever they point."""
    path = files.get(request.url.path)
    if path is None:
        return error_response(
            404, "no such file of the dashboard" if files else "this footfall has no dashboard; its API is at /openapi.json"
        )
    content = path.read_bytes()
    response = cacheable(request, Response(content, media_type=TYPES[path.suffix]), content, is_public=False)
    response.headers["Cache-Control"] = "no-cache"  # an index of one version with a script of another would fail
    del response.headers["Vary"]
    return response
