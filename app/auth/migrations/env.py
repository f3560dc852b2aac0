"""What Alembic runs. A new step:  copy the newest file of versions/, with the next number and the one before as down_revision."""

from alembic import context

from app.auth.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, transaction_per_migration=False)
with context.begin_transaction():
    context.run_migrations()
