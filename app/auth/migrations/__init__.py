"""Steps of the accounts' tables (Alembic); `app.auth.store` runs them when it opens the database."""
