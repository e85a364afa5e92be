"""
The files that a browser loads with a page: its pictures, styles, scripts and fonts.

Programs that only read pages do not load them, whatever browser they claim to be.
"""

ENDINGS = (
    ".avif", ".bmp", ".css", ".eot", ".gif", ".ico", ".jpeg", ".jpg", ".js", ".mjs", ".otf", ".png", ".svg", ".ttf", ".webp",
    ".woff", ".woff2",
)  # fmt: skip
TYPES = ("image/", "font/", "text/css", "text/javascript", "application/javascript", "application/x-javascript")


def is_asset(path: str | None, content_type: str | None) -> bool:
    """
    Whether a file belongs to pages: by its content type if the log has it, or else by its name.

    >>> is_asset("/css/main.css", None), is_asset("/picture", "image/png"), is_asset("/paper.pdf", "application/pdf")
    (True, True, False)
    """
    return (content_type or "").lower().startswith(TYPES) or (path or "").lower().endswith(ENDINGS)
