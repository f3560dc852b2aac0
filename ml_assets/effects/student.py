"""Student's t distribution for any degrees of freedom from 1 on, without SciPy: `(quantile, tail)`."""

from functools import lru_cache
from math import atan, pi, sqrt, tan

import numpy as np

# With t = √ν·tan θ the density is cos^(ν-1) θ on a finite range. 4,000 steps agree with printed tables to 5 decimals.
STEPS = 4_000


def _area(low: float, high: float, freedom: float) -> float:
    angles = np.linspace(low, high, STEPS + 1)
    return float(np.trapezoid(np.cos(angles) ** (freedom - 1), angles))


def tail(t: float, freedom: float) -> float:
    """P(|T| > |t|), the two-sided p-value. Raises ValueError for fewer than one degree of freedom."""
    if freedom < 1:
        raise ValueError(f"{freedom} degrees of freedom are too few")
    angle = atan(abs(t) / sqrt(freedom))
    return _area(angle, pi / 2, freedom) / _area(0, pi / 2, freedom)


@lru_cache(maxsize=256)
def quantile(confidence: float, freedom: float) -> float:
    """The t with P(|T| <= t) = `confidence`, by bisection: 12.706 for (0.95, 1), 2.228 for (0.95, 10)."""
    low, high = 0.0, pi / 2
    for _ in range(60):
        middle = (low + high) / 2
        if tail(sqrt(freedom) * tan(middle), freedom) > 1 - confidence:
            low = middle
        else:
            high = middle
    return sqrt(freedom) * tan(low)
