"""Accounts, sessions, attempts, links, grants and an audit trail that nobody changes."""

import sqlalchemy as sa
from alembic import op

from app.auth.tables import Utc

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "users",
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
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("user_id", sa.String(32), sa.ForeignKey("users.id"), nullable=False, index=True),
        sa.Column("created_at", Utc, nullable=False),
        sa.Column("last_seen_at", Utc, nullable=False),
        sa.Column("expires_at", Utc, nullable=False),
        sa.Column("revoked_at", Utc),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("user_agent", sa.String(200), nullable=False),
    )
    op.create_table(
        "login_attempts",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at", Utc, nullable=False),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
    )
    op.create_index("login_attempts_by_account", "login_attempts", ["account", "at"])
    op.create_index("login_attempts_by_address", "login_attempts", ["address", "at"])
    op.create_table(
        "invites",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("user_id", sa.String(32), sa.ForeignKey("users.id"), nullable=False, index=True),
        sa.Column("created_at", Utc, nullable=False),
        sa.Column("created_by", sa.String(254), nullable=False),
        sa.Column("expires_at", Utc, nullable=False),
        sa.Column("used_at", Utc),
    )
    op.create_table(
        "campaign_grants",
        sa.Column("user_id", sa.String(32), sa.ForeignKey("users.id"), primary_key=True),
        sa.Column("campaign_id", sa.String(100), primary_key=True),
        sa.Column("granted_at", Utc, nullable=False),
        sa.Column("granted_by", sa.String(254), nullable=False),
    )
    op.create_table(
        "audit",
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
    for statement in APPEND_ONLY[op.get_context().dialect.name]:
        op.execute(statement)


# A bug, or a person with the product's own connection, cannot mend the past; the owner of the database still could.
APPEND_ONLY = {
    "sqlite": [
        f"create trigger audit_is_append_only_{what} before {what} on audit begin select raise(abort, 'audit is append-only'); end" for what in ("update", "delete")
    ],
    "postgresql": [
        "create function audit_is_append_only() returns trigger language plpgsql as $$ begin raise exception 'audit is append-only'; end $$",
        "create trigger audit_is_append_only before update or delete on audit for each row execute function audit_is_append_only()",
    ],
}
