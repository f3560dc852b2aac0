"""Who is asking, and what they may see. Pages and API get an `Identity`; the data layer is asked with it."""

from dataclasses import dataclass
from enum import IntEnum


class Role(IntEnum):
    """Each may do what the ones before it may: read granted campaigns; export and use the API; manage users."""

    VIEWER = 1
    ANALYST = 2
    ADMIN = 3


@dataclass(frozen=True)
class Identity:
    """`campaigns` None is every campaign; `session_id` None is a caller without a browser session, such as one with an API token."""

    user_id: str
    name: str
    role: Role
    campaigns: frozenset[str] | None = None
    session_id: str | None = None

    def may_see(self, campaign_id: str) -> bool:
        return self.campaigns is None or campaign_id in self.campaigns

    def is_at_least(self, role: Role) -> bool:
        return self.role >= role


class NotAllowed(Exception):
    """The message says what is missing and whom to ask; it never says whether the thing exists."""
