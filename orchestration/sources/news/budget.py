"""How many requests a paid source may make: asked before each one, told to whoever keeps the books."""

from collections.abc import Callable
from dataclasses import dataclass

# Written down before they are made: a killed run forgets none, and overstates them by at most this less one.
BLOCK = 10


class BudgetSpent(Exception):
    """The next request would exceed the budget and was not made; the message says what to do."""


@dataclass
class RequestBudget:
    """`spent` requests of the last 24 hours were made before; `book` is given the number that this budget has made or may make."""

    limit: int
    spent: int
    book: Callable[[int], None]
    made: int = 0
    _booked: int = 0

    def take(self) -> None:
        """One request is about to be made. Raises BudgetSpent."""
        left = self.limit - self.spent - self.made
        if left < 1:
            raise BudgetSpent(
                f"All {self.limit} requests that 24 hours may cost are made; the service was not asked. "
                "The next run of tomorrow asks again. To ask more a day, set PULSE_NEWSAPI_DAILY_BUDGET (the developer plan allows 100)."
            )
        if self.made == self._booked:
            self._booked += min(BLOCK, left)
            self.book(self._booked)
        self.made += 1

    def settle(self) -> None:
        """Books what was made in truth; to be called at the end."""
        if self._booked != self.made:
            self._booked = self.made
            self.book(self.made)
