"""
The page view tracker of the articles that footfall grew from: `footfall import dynamodb:PageTrackTable` reads its table.

    table         the table itself: its keys, its size, its items
    lines         an item as the line that S3 may have logged of the view
    log_files     the lines of a page and month as a log file, and checkpoints between them
    checkpoints   where an interrupted import goes on
    importer      whose site it is, what reading costs, and the items through the pipeline

The logs may have the same views. An item is matched with the record of the same view where views are written:
`stores/imported` says when two are one view, `stores/sqlite/imported` and `stores/dynamodb/imported` look for them.
"""
