"""`pulse users`: who may sign in, as what, and to see what. Passwords come by a prompt or a link that works once, never as an option."""

import getpass
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orchestration.cli.errors import fail, said_in_one_line
from orchestration.cli.screen import plain, show_table

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from app.auth.users import User
    from orchestration.settings import Settings

users_app = typer.Typer(no_args_is_help=True, help="Who may sign in to the site, as what, and to see which campaigns.")

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="Names the account; nothing is sent there.")]
RoleName = Annotated[str, typer.Option(help="viewer reads, analyst exports and uses the API, admin manages accounts and sees every campaign.")]
Campaigns = Annotated[str, typer.Option(help="Campaign ids, parted by commas; * is every one.")]

FIRST_ADMIN = "admin@localhost"


@users_app.command("create")
def create(email: Email, name: Annotated[str, typer.Option(help="Shown on the page.")] = "", role: RoleName = "viewer", campaigns: Campaigns = "") -> None:
    """Add an account with a password that is asked for here."""
    from app.auth import passwords, users

    with said_in_one_line():
        engine, now, by = _begin()
        ids = _known(campaigns)
        passwords.check_policy(password := _asked_password(), users.email_of(email), name)
        user = users.create(engine, email, name, users.role_of(role), now, by, passwords.hashed(password))
        _after_creation(user, ids)
        print(f"{user.email} may sign in as {user.role.name.lower()}.")
        _say_what_is_seen(user)


@users_app.command("invite")
def invite(email: Email, name: Annotated[str, typer.Option(help="Shown on the page.")] = "", role: RoleName = "viewer", campaigns: Campaigns = "") -> None:
    """Add an account and print a link, good once and for 48 hours, with which its owner sets a password."""
    from app.auth import users

    with said_in_one_line():
        engine, now, by = _begin()
        ids = _known(campaigns)
        user = users.create(engine, email, name, users.role_of(role), now, by)
        _after_creation(user, ids)
        print(f"Send {user.email} this link. It works once, for 48 hours:\n  {_link(user)}")
        _say_what_is_seen(user)


@users_app.command("reset")
def reset(email: Email) -> None:
    """Take the password away, end every session, and print a link for a new one."""
    from app.auth import users

    with said_in_one_line():
        engine, now, _ = _begin()
        user = users.find(engine, email)
        if user.status == users.DISABLED:
            fail(f"{user.email} is disabled. Enable it first:  pulse users enable {user.email}")
        if user.status == users.ACTIVE:
            users.set_password(engine, user, None, now)
        _note("reset", user)
        print(f"Send {user.email} this link. It works once, for 48 hours; the old password no longer does:\n  {_link(user)}")


@users_app.command("disable")
def disable(email: Email) -> None:
    """Close the account; its open pages close within seconds."""
    from app.auth import users

    _change(email, users.disable, "disable", "{} is disabled; its sessions and tokens have ended.")


@users_app.command("enable")
def enable(email: Email) -> None:
    """Open a disabled account again, with the password it had."""
    from app.auth import users

    _change(email, users.enable, "enable", "{} is enabled.")


@users_app.command("set-role")
def set_role(email: Email, role: Annotated[str, typer.Argument(metavar="ROLE", help="viewer, analyst or admin.")]) -> None:
    """Change the role; the account has to sign in again."""
    from app.auth import users

    with said_in_one_line():
        engine, now, _ = _begin()
        user, chosen = users.find(engine, email), users.role_of(role)
        users.set_role(engine, user, chosen, now)
        _note("set-role", user, role=chosen.name.lower(), before=user.role.name.lower())
        print(f"{user.email} is {chosen.name.lower()} now, and has to sign in again.")


@users_app.command("grant")
def grant(email: Email, campaign: Annotated[str, typer.Argument(metavar="CAMPAIGN", help="Campaign id; * is every one, those to come too.")]) -> None:
    """Let the account see a campaign."""
    from app.auth import users

    with said_in_one_line():
        engine, now, by = _begin()
        user = users.find(engine, email)
        for campaign_id in _known(campaign):
            users.grant(engine, user, campaign_id, now, by)
            _note("grant", user, campaign=campaign_id)
        _say_what_is_seen(user)


@users_app.command("ungrant")
def ungrant(email: Email, campaign: Annotated[str, typer.Argument(metavar="CAMPAIGN")]) -> None:
    """Take a campaign away from the account; open pages see it at their next step."""
    from app.auth import users

    with said_in_one_line():
        engine, _, _ = _begin()
        user = users.find(engine, email)
        if not users.ungrant(engine, user, campaign):
            fail(f"{user.email} had no grant of {campaign}. See:  pulse users list")
        _note("ungrant", user, campaign=campaign)
        _say_what_is_seen(user)


@users_app.command("sessions")
def sessions_of(email: Email) -> None:
    """Where the account is signed in."""
    from app.auth import sessions, users

    with said_in_one_line():
        engine, now, _ = _begin()
        found = sessions.of_user(engine, users.find(engine, email).id, now)
        if not found:
            print("Nowhere.")
            return
        show_table(
            ["since (UTC)", "last seen", "ends", "address", "browser"],
            [[_time(each.created_at), _time(each.last_seen_at), _time(each.expires_at), plain(each.address), plain(each.user_agent)[:60]] for each in found],
        )


@users_app.command("revoke")
def revoke(email: Email) -> None:
    """End every session and token of the account; it may sign in again."""
    from app.auth import users

    with said_in_one_line():
        engine, now, _ = _begin()
        user = users.find(engine, email)
        ended = users.end_sessions(engine, user, now)
        _note("revoke", user, sessions=ended)
        print(f"{ended} sessions of {user.email} have ended, and every token of the API.")


@users_app.command("list")
def list_users() -> None:
    """Every account: role, state, campaigns."""
    from app.auth import users

    with said_in_one_line():
        engine, _, _ = _begin()
        everybody = users.everybody(engine)
        if not everybody:
            print("Nobody yet. Invite the first:  pulse users invite EMAIL --role admin")
            return
        show_table(
            ["account", "name", "role", "state", "campaigns", "since"],
            [[plain(each.email), plain(each.name), each.role.name.lower(), each.status, plain(_seen(each)), f"{each.created_at:%Y-%m-%d}"] for each in everybody],
        )


@users_app.command("audit")
def audit_trail(last: Annotated[int, typer.Option(min=1, help="How many, the newest first.")] = 50) -> None:
    """Who did what: logins, links, changes of accounts."""
    from app.auth import audit

    with said_in_one_line():
        engine, _, _ = _begin()
        show_table(
            ["time (UTC)", "actor", "action", "of", "outcome", "from", "details"],
            [
                [_time(row["at"]), plain(row["actor"]), row["action"], plain(row["target"])[:40], row["outcome"], plain(row["address"]), plain(row["details"])]
                for row in audit.newest(engine, last)
            ],
        )


def first_admin_link(settings: "Settings") -> str | None:
    """The link of a first admin while nobody can sign in; None once somebody can. Raises AuthError."""
    from app.auth import store, users
    from app.identity import Role

    engine = store.opened()
    if users.somebody_can_sign_in(engine):
        return None
    user = users.by_email(engine, FIRST_ADMIN) or users.create(engine, FIRST_ADMIN, "Admin", Role.ADMIN, datetime.now(UTC), "pulse")
    return _link(user, settings)


def _begin() -> "tuple[Engine, datetime, str]":
    """The accounts, the time, and who is at the keyboard."""
    from app.auth import store

    return store.opened(), datetime.now(UTC), _operator()


def _operator() -> str:
    try:
        return f"{getpass.getuser()} (command line)"
    except (KeyError, OSError):
        return f"{os.getuid()} (command line)"


def _change(email: str, change: "Callable[[Engine, User, datetime], None]", action: str, said: str) -> None:
    from app.auth import users

    with said_in_one_line():
        engine, now, _ = _begin()
        user = users.find(engine, email)
        change(engine, user, now)
        _note(action, user)
        print(said.format(user.email))


def _after_creation(user: "User", campaign_ids: list[str]) -> None:
    from app.auth import users

    engine, now, by = _begin()
    _note("create", user, role=user.role.name.lower())
    for campaign_id in campaign_ids:
        users.grant(engine, user, campaign_id, now, by)
        _note("grant", user, campaign=campaign_id)


def _note(action: str, user: "User", **details: Any) -> None:
    from app.auth import audit

    engine, now, by = _begin()
    audit.record(engine, now, action, by, user.email, **details)


def _known(text: str) -> list[str]:
    """Campaign ids that exist. Raises CampaignError."""
    from orchestration import campaigns
    from orchestration.settings import Settings

    ids = [part.strip() for part in text.split(",") if part.strip()]
    if any(each != "*" for each in ids):
        known = campaigns.load(Settings())
        for each in ids:
            if each != "*":
                campaigns.find(known, each)
    return ids


def _seen(user: "User") -> str:
    from app.auth import store, users

    campaigns = users.identity(store.opened(), user).campaigns
    return "every one" if campaigns is None else ", ".join(sorted(campaigns)) or "none"


def _say_what_is_seen(user: "User") -> None:
    seen = _seen(user)
    print(f"{user.email} sees {seen}." if seen != "none" else f"{user.email} sees no campaign yet:  pulse users grant {user.email} CAMPAIGN")


def _link(user: "User", settings: "Settings | None" = None) -> str:
    from app.auth import invites
    from orchestration.settings import Settings

    engine, now, by = _begin()
    settings = settings or Settings()
    return f"{settings.site_address}/invite/{invites.issue(engine, user, now, by)}"


def _asked_password() -> str:
    """Asked twice at a terminal; else the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != password:
        fail("The two are not the same. Nothing was changed; run it again.")
    return password


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"
