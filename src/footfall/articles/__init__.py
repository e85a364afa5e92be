"""The page view tracker of the articles that footfall grew from: its table, read and counted."""
