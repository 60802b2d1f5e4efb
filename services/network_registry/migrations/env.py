"""Alembic's entry: migrate on the connection that `database.py` hands over."""

from alembic import context

from network_registry.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
