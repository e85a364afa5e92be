"""
Store the literal parts of the expressions that identify user agents, in src/footfall/pageviews/shortlist.json:

    .venv/bin/python scripts/store_shortlist.py            # or: make shortlist

Needed after a change of the lists that requirements-dev.lock pins, or of our own expressions in bots.py.
"""

from footfall.pageviews.agents import expressions
from footfall.pageviews.shortlist import STORED, to_store

if __name__ == "__main__":
    STORED.write_text(to_store(expressions()), "utf-8")
