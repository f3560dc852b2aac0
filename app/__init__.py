"""The site. It reads marts through `queries.py` and imports nothing of orchestration but settings, words and the warehouse client."""
