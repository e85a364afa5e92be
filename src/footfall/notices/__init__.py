"""
Notices to the owner: digests and alerts, each delivered once.

    document   headings, tables and sentences, independent of the output format
    digest     the digest as a document
    alert      the alert that views have left their usual range, as a document
    text  html   a document for terminals and mail
    delivery   claimed in the store, sent, confirmed
    sending    webhooks and SNS topics
"""

from .alert import alert_notices, usual_document
from .delivery import Notice, deliver
from .digest import digest_document, digest_notice, is_due
from .document import Document
from .html import to_html
from .sending import place_text
from .text import to_text

__all__ = [
    "Document",
    "Notice",
    "alert_notices",
    "deliver",
    "digest_document",
    "digest_notice",
    "is_due",
    "place_text",
    "to_html",
    "to_text",
    "usual_document",
]
