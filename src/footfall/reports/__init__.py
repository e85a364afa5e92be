"""
Questions to a store, and its answers. Every number is a sum of the same day counts, so totals equal the sum of a
history equal the sum of rows, always.

    period     Period: which days; how people write them, and the days before
    intervals  INTERVALS: how a period is cut
    query      Query: a question, which checks and echoes itself
    resolve    what the store adds to a question: its only site, the first and the last day, whether there is such a page
    filters    what chooses among the views, and how it is answered
    reading    what a resolved question reads of the store
    cursor     where the next rows begin
    visitors   those of a site, the sum of its days
    comparison  how numbers compare with those of the period before
    overview   what a whole period came to, in what is listed by SECTIONS
    annotations  what happened on days of a site, in its owner's words
    usual      whether a day has far more or far fewer views than is usual for it
    total  breakdown  history  stored_views  referrers  status       a report each: a store and a Query in, a frozen answer out
    answers    answers as JSON, the same for the command line and HTTP

A question: Query -> the report -> resolve -> reading -> the report's answer -> answers.
"""

from .annotations import Annotated, annotations
from .breakdown import Breakdown, BreakdownRow, breakdown
from .filters import read_filter
from .history import History, Moment, history
from .intervals import INTERVALS
from .overview import SECTIONS, Overview, overview
from .period import WHOLE_PERIODS, Period, parse_period, previous, read_period, whole_period
from .query import Query, check_dimension, read_prefix
from .referrers import MOST_READ, PageReferrers, page_referrers
from .resolve import choose_site
from .status import LedgerStatus, ledger_status
from .stored_views import StoredViews, epoch_of, stored_views
from .total import Total, total
from .usual import Usual, usual_days
from .visitors import Visitors

__all__ = [
    "INTERVALS",
    "MOST_READ",
    "SECTIONS",
    "WHOLE_PERIODS",
    "Annotated",
    "Breakdown",
    "BreakdownRow",
    "History",
    "LedgerStatus",
    "Moment",
    "Overview",
    "PageReferrers",
    "Period",
    "Query",
    "StoredViews",
    "Total",
    "Usual",
    "Visitors",
    "annotations",
    "breakdown",
    "check_dimension",
    "choose_site",
    "epoch_of",
    "history",
    "ledger_status",
    "overview",
    "page_referrers",
    "parse_period",
    "previous",
    "read_filter",
    "read_period",
    "read_prefix",
    "stored_views",
    "total",
    "usual_days",
    "whole_period",
]
