"""Files of a page: offered to who may export, made when somebody wants one, and noted in the audit first."""

from collections.abc import Callable, Mapping
from typing import Any

from app.auth import exports
from app.auth.current import current_identity, session_id
from app.identity import Role


def offer(place: Any, label: str, make: Callable[[], bytes], *, campaign_id: str | None, table: str, asked: Mapping[str, object], **more: Any) -> None:
    """A download button in `place`, `st` or a container; `more` goes to it. `table` and `asked` are what the audit says of the file.

    Noted where the file is made, not when the button is pressed: that is the one way to the file, and what cannot be noted is not handed out.
    """
    if not current_identity().is_at_least(Role.ANALYST):
        return
    sid = session_id()

    def noted() -> bytes:
        exports.by_session(sid, campaign_id, table, asked)
        return make()

    place.download_button(label, noted, mime="text/csv", on_click="ignore", **more)
