"""Which news explains a day: evidence of each article, stories, and a confidence measured on ordinary days. Pure, NumPy alone.

`CODE_VERSION` is written on every row. Raise it whenever the same posts and articles could give other rows. Importing the package
loads nothing: Dagster does so in every process.
"""

CODE_VERSION = "1"
