"""What Alembic runs. A new step:  copy the newest file of versions/, with the next number and the one before as down_revision."""

from alembic import context

from app.auth.tables import METADATA

given = context.config.attributes
if context.is_offline_mode():
    # The statements as text, for a database that this machine does not have.
    context.configure(dialect_name=given["dialect"], target_metadata=METADATA, literal_binds=True)
else:
    context.configure(connection=given["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
