"""What counts as a page view, what it is counted by, and what is stored for it."""
