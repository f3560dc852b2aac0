"""Did a campaign change anything: what its days were against what the days before lead to expect, and how sure that is.

Plain days and numbers in, intervals out; nothing here knows the warehouse, a measure's name or a sentence. `CODE_VERSION` is
written on every row: raise it whenever the same days could give another answer.
"""

from ml_assets.effects.change import CONFIDENCE, FEWEST_DAYS, Change, changed
from ml_assets.effects.days import MOST_BEFORE, Day, Judged, chosen

CODE_VERSION = "1"

__all__ = ["CODE_VERSION", "CONFIDENCE", "FEWEST_DAYS", "MOST_BEFORE", "Change", "Day", "Judged", "changed", "chosen"]
