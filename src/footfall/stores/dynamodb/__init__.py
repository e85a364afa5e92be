"""
Counts in one DynamoDB table, exactly once.

    store      combines the parts
    workers    threads that send requests in parallel
    requests   sends and retries requests; adds up their capacity
    errors     AWS's errors, each with its remedy
    keys       where each kind of item is stored
    batches    reads and writes many items at once
    query      reads a partition, page after page
    index      the settings, the sites and the last commit, which every report reads first
    notes      what is noted before files are counted: time zone, months, latest request
    views      writes views once each: the first file that brings one owns it
    imported   finds the items of an imported table that are also in the logs
    kept       finds out which values of open dimensions are kept by name
    commits    counts files, one commit after the other
    moves      moves a month that has more values than are kept
    overfull   finds such months, once for each table
    content    what a commit has to write, as stored in its item
    write      records digests, using these
    read       answers with counts, views and the ledger
    ledger     the ledger's entries: each file's account, rules, and additions
    tokens     access tokens
    annotations  what happened on days of a site
    backfills  the progress of files handed over to the functions
    table      creates the table, and reads its state
    pricing    what requests cost, and would cost
    estimate   what recording would take, by AWS's formula
    sizes      bytes and units of items
    cost       prices

docs/reference/data-model.md describes all items.
"""

from .store import DynamoDBStore

__all__ = ["DynamoDBStore"]
