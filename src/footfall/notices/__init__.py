"""
What comes to the owner: the digest of a period.

    document   headings, tables and sentences, whatever they are written as
    digest     the digest as a document
    text  html   a document for terminals and mail
"""

from .digest import digest_document
from .document import Document
from .html import to_html
from .text import to_text

__all__ = ["Document", "digest_document", "to_html", "to_text"]
