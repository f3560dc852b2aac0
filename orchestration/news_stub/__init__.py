"""A local server that answers as NewsAPI's /v2/everything and GDELT's DOC 2.0 API do: for tests, and for trying the product without an account.

Only `running.py` and the command `pulse newsapi-stub` start it; nothing of the product imports it.
"""
