"""Where a figure comes from: what its mart says, the posts behind it, and the same figure counted again from them.

The recount is written apart from dbt on purpose: it starts at the tables that Python writes (`raw`, `ml`) and adds up in Python, so that a
mistake in a model does not repeat itself here. `measures.py` lists every measure; the command line and the page use that list.
"""
