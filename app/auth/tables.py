"""The tables of accounts. Times are UTC; ids and hashes are strings. migrations/ makes them, and a test holds the two against each other."""

from datetime import UTC, datetime

import sqlalchemy as sa


class Utc(sa.TypeDecorator[datetime]):
    """An aware UTC datetime on both sides, also where the database keeps no zone (SQLite)."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        return None if value is None else (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC))


METADATA = sa.MetaData()

# `token_generation` stands in every API token: raising it ends all tokens of the account at once.
USERS = sa.Table(
    "users",
    METADATA,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("email", sa.String(254), nullable=False, unique=True),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("role", sa.String(10), nullable=False),
    sa.Column("status", sa.String(10), nullable=False),
    sa.Column("password_hash", sa.String(255)),
    sa.Column("password_changed_at", Utc),
    sa.Column("token_generation", sa.Integer, nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("created_by", sa.String(254), nullable=False),
)

# `id` is the SHA-256 of the session id that the cookie's token carries: who reads this table cannot take a session over.
SESSIONS = sa.Table(
    "sessions",
    METADATA,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("user_id", sa.String(32), sa.ForeignKey("users.id"), nullable=False, index=True),
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("last_seen_at", Utc, nullable=False),
    sa.Column("expires_at", Utc, nullable=False),
    sa.Column("revoked_at", Utc),
    sa.Column("address", sa.String(64), nullable=False),
    sa.Column("user_agent", sa.String(200), nullable=False),
)

# Accounts by the SHA-256 of what was typed: people type passwords into the field of the address.
LOGIN_ATTEMPTS = sa.Table(
    "login_attempts",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", Utc, nullable=False),
    sa.Column("account", sa.String(64), nullable=False),
    sa.Column("address", sa.String(64), nullable=False),
    sa.Column("outcome", sa.String(10), nullable=False),
    sa.Index("login_attempts_by_account", "account", "at"),
    sa.Index("login_attempts_by_address", "address", "at"),
)

INVITES = sa.Table(
    "invites",
    METADATA,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("user_id", sa.String(32), sa.ForeignKey("users.id"), nullable=False, index=True),
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("created_by", sa.String(254), nullable=False),
    sa.Column("expires_at", Utc, nullable=False),
    sa.Column("used_at", Utc),
)

CAMPAIGN_GRANTS = sa.Table(
    "campaign_grants",
    METADATA,
    sa.Column("user_id", sa.String(32), sa.ForeignKey("users.id"), primary_key=True),
    sa.Column("campaign_id", sa.String(100), primary_key=True),
    sa.Column("granted_at", Utc, nullable=False),
    sa.Column("granted_by", sa.String(254), nullable=False),
)

AUDIT = sa.Table(
    "audit",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", Utc, nullable=False, index=True),
    sa.Column("actor", sa.String(254), nullable=False),
    sa.Column("action", sa.String(40), nullable=False),
    sa.Column("target", sa.String(254), nullable=False),
    sa.Column("outcome", sa.String(20), nullable=False),
    sa.Column("address", sa.String(64), nullable=False),
    sa.Column("user_agent", sa.String(200), nullable=False),
    sa.Column("details", sa.Text, nullable=False),
)
