"""What can go wrong with X's API, by what can be done about it. No message holds a token or a request's headers."""

from orchestration.sources.base import SourceError


class XError(SourceError):
    """Any of the errors below."""


class AuthError(XError):
    """401 or 403: the token is missing, wrong, or may not use the endpoint. Repeating it heals nothing."""


class QuotaExceeded(XError):
    """X refuses to bill more: usage cap reached, or out of credits. Repeating it heals nothing."""


class BudgetExceeded(XError):
    """Our own budget would be exceeded by the next call, which was not made. `budget` names it: run, day, month or posts."""

    def __init__(self, message: str, budget: str) -> None:
        super().__init__(message)
        self.budget = budget


class BadQuery(XError):
    """400 or 404: X does not understand the request."""


class NoRules(XError):
    """409: a filtered stream without rules."""


class OutOfRetention(XError):
    """The window is older than the search reaches. Never answered as an empty success."""


class TooEarly(XError):
    """The window is not over for long enough; `seconds` says how long to wait."""

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


class RateLimited(XError):
    """429: asked too often; `seconds` says how long to wait before the next try."""

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


class Unavailable(XError):
    """5xx, time-outs, cut connections, answers that are no JSON: repeated some times without success."""


class ContractChanged(XError):
    """An answer of a shape that this code does not know: it must be looked at, not repeated."""
