"""
Counts in one DynamoDB table, exactly once.

    store      puts the parts together
    workers    threads that send requests side by side
    requests   sends requests, again where that may help; adds up what they cost
    errors     what AWS says, and what a person can do about it
    keys       where each kind of item is stored
    batches    reads and writes many items at once
    query      reads a partition, page after page
    index      the settings, the sites and the last commit, which every report reads first
    notes      what is noted before files are counted: time zone, months, how far they reach
    views      writes views once each: the first file that brings one owns it
    imported   finds the items of an imported table that the logs have as well
    kept       finds out which values of open dimensions are kept by name
    commits    counts files, one commit of them after the other
    moves      moves a month that has more values than are kept
    overfull   finds such months, once for each table
    content    what a commit is to write, as its item has it
    write      records digests by these
    read       answers with counts, views and the ledger
    ledger     the ledger's entries: the account of each file, its rules, and what it added
    tokens     access tokens
    annotations  what happened on days of a site
    backfills  how far the functions are with what was handed to them
    table      makes the table, and reads how it is
    pricing    what requests cost, and would cost
    estimate   what recording would take, by AWS's formula
    sizes      bytes and units of items
    cost       prices

docs/reference/data-model.md has the whole of it.
"""

from .store import DynamoDBStore

__all__ = ["DynamoDBStore"]
