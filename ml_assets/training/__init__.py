"""Scripts that make the shipped models. Run by hand; nothing in the product imports them."""
