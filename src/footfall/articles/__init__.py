"""
The page view tracker of the articles that footfall grew from: `footfall import dynamodb:PageTrackTable` reads its table.

    table         the table itself: its keys, its size, its items
    lines         an item as the line that S3 may have logged of the view
    log_files     the lines of a page and month as a log file, and checkpoints between them
    checkpoints   where an interrupted import resumes
    importer      determines the site, shows the cost, and sends the items through the pipeline

The logs may contain the same views. An item is matched with the record of the same view when views are written:
`stores/imported` defines when two are the same view; `stores/sqlite/imported` and `stores/dynamodb/imported` look for them.
"""
