"""Open the registry database: SQLite on one machine, brought to the newest schema when it is opened."""

from pathlib import Path

from sqlalchemy import Engine, create_engine, event, inspect, text

from network_registry.home import Home

NEWEST_REVISION = "0003"


def open_registry(home: Home) -> Engine:
    """The registry of a home that exists; its schema is migrated when it is behind."""
    home.require()
    engine = create_engine(f"sqlite:///{home.registry_db}", connect_args={"timeout": 30})
    event.listen(engine, "connect", _set_pragmas)
    if _revision(engine) != NEWEST_REVISION:
        _migrate(engine)
    return engine


def _set_pragmas(connection, _record) -> None:
    # Several processes read and write at once: a writer must wait, never fail, and readers must not block it.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000", "foreign_keys=ON"):
        connection.execute(f"pragma {pragma}")


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("select version_num from alembic_version")).scalar()


def _migrate(engine: Engine) -> None:
    # Alembic takes half a second to import: only a new or an old registry pays for it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        # Two processes may open a new registry at once: the second waits here and finds the work done.
        connection.execute(text("begin immediate"))
        command.upgrade(config, "head")
        connection.commit()
