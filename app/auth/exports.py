"""Files that leave the site, in the audit: who took which table of which campaign by which filters. Never what is in them."""

from collections.abc import Mapping
from datetime import UTC, datetime

from app.auth import audit, store, users, visitors
from app.identity import NotAllowed, Role

REFUSED = "Your session has ended, or you may not export this campaign any more. Load the page again."


def by_session(sid: str, campaign_id: str | None, table: str, asked: Mapping[str, object]) -> None:
    """A file of a page, noted before it is made. `campaign_id` None is of no campaign. Raises NotAllowed.

    The page was drawn earlier, and a browser can ask for its files by hand: what the reader may have is looked at again.
    """
    visitor = visitors.of_session(sid)
    if visitor is None or not visitor.identity.is_at_least(Role.ANALYST) or (campaign_id is not None and not visitor.identity.may_see(campaign_id)):
        raise NotAllowed(REFUSED)
    session = visitor.session
    _note(session.email, campaign_id, table, asked, "page", session.address, session.user_agent)


def by_token(user_id: str, campaign_id: str, table: str, asked: Mapping[str, object], address: str, user_agent: str) -> None:
    """A file of the API."""
    user = users.by_id(store.opened(), user_id)
    _note(user.email if user else user_id, campaign_id, table, asked, "API", address, user_agent)


def _note(actor: str, campaign_id: str | None, table: str, asked: Mapping[str, object], by: str, address: str, user_agent: str) -> None:
    given = {name: value for name, value in asked.items() if value is not None}
    audit.record(
        store.opened(), datetime.now(UTC), "export", actor, campaign_id or "", address=address, user_agent=user_agent, by=by, table=table, filters=given
    )
