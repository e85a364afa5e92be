"""Where logs lie, and what names them."""
