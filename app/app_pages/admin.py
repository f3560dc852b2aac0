"""Users and what they did, for administrators. Read only: accounts are managed on the command line."""

import pandas as pd
import streamlit as st

from app import accounts, frame
from app.frame import View
from app.identity import NotAllowed, Role
from app.panels import Shown, panel
from app.states import Nothing, guarded
from app.text import plain

MOST = 200


def show(view: View) -> None:
    st.title("Users & audit")
    with guarded("Users & audit"):
        # The menu hides this page from others; that is no protection.
        if not view.identity.is_at_least(Role.ADMIN):
            raise NotAllowed("This page is for administrators. Ask one of them.")
        st.caption("Accounts are managed with `pulse users` on the machine that runs the site: create, invite, disable, set-role, grant, revoke.")
        panel(view, "Users", "users", _users, help_more="Accounts, their role and the campaigns that they may see.")
        panel(view, "Audit", "audit", _audit, help_more="Who did what, from where; rows are never changed.")


def _users() -> Shown:
    users = accounts.everybody()
    if not users:
        raise Nothing("There is no account yet.", "Make one: `pulse users create`.")
    table = pd.DataFrame(
        {
            "Address": [plain(user["email"], 254) for user in users],
            "Name": [plain(user["name"], 100) for user in users],
            "Role": [user["role"] for user in users],
            "Status": [user["status"] for user in users],
            "Campaigns": ["every one" if user["campaigns"] is None else plain(", ".join(sorted(user["campaigns"])), 200) or "none" for user in users],
            "Since": [pd.Timestamp(user["created_at"]).tz_convert("UTC").tz_localize(None) for user in users],
        }
    )
    return Shown(
        table,
        f"{len(table)} accounts.",
        of_campaign=False,
        columns={"Since": st.column_config.DatetimeColumn("Since (UTC)", format="YYYY-MM-DD HH:mm")},
    )


def _audit() -> Shown:
    rows = accounts.newest(MOST)
    if not rows:
        raise Nothing("Nothing has been noted yet.")
    table = pd.DataFrame(
        {
            "At": [pd.Timestamp(row["at"]).tz_convert("UTC").tz_localize(None) for row in rows],
            **{name.capitalize(): [plain(row[name], 254) for row in rows] for name in ("actor", "action", "target", "outcome", "address")},
            "Details": [plain(row["details"], 400) for row in rows],
        }
    )
    return Shown(
        table,
        f"The {len(table)} newest entries.",
        "Times are UTC.",
        of_campaign=False,
        columns={
            "At": st.column_config.DatetimeColumn("At (UTC)", format="YYYY-MM-DD HH:mm:ss"),
            # Of a login it is the hash of a session id.
            "Target": st.column_config.TextColumn(width="small"),
            "Details": st.column_config.TextColumn(width="large"),
        },
    )


show(frame.current())
