"""What counts as a page view, what it is counted as, and what is stored of it."""
