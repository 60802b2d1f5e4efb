"""The clinics of the network."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine, select, update
from sqlalchemy.dialects.sqlite import insert

from network_registry.tables import clinics

_CLINIC_ID = re.compile(r"[a-z0-9-]{2,40}")


@dataclass(frozen=True)
class Clinic:
    clinic_id: str
    name: str
    added_at: datetime
    suspended_at: datetime | None

    @property
    def is_active(self) -> bool:
        return self.suspended_at is None


def valid_clinic_id(text: str) -> bool:
    return _CLINIC_ID.fullmatch(text) is not None


def add_clinic(engine: Engine, clinic_id: str, name: str | None = None) -> None:
    """Register a clinic, or bring a suspended one back. Raises ValueError for an id that is not a clinic id."""
    if not valid_clinic_id(clinic_id):
        raise ValueError(f"not a clinic id (2 to 40 of a-z, 0-9 and -): {clinic_id!r}")
    row = {"clinic_id": clinic_id, "name": name or clinic_id, "added_at": _now()}
    statement = insert(clinics).values(row)
    with engine.begin() as connection:
        connection.execute(statement.on_conflict_do_update(index_elements=["clinic_id"], set_={"suspended_at": None}))


def suspend_clinic(engine: Engine, clinic_id: str) -> bool:
    """Mark a clinic as one that may publish no more. False when there is no such clinic."""
    statement = update(clinics).where(clinics.c.clinic_id == clinic_id).values(suspended_at=_now())
    with engine.begin() as connection:
        return connection.execute(statement).rowcount == 1


def list_clinics(engine: Engine) -> list[Clinic]:
    """All clinics by id, the suspended ones among them."""
    columns = (clinics.c.clinic_id, clinics.c.name, clinics.c.added_at, clinics.c.suspended_at)
    with engine.connect() as connection:
        return [Clinic(*row) for row in connection.execute(select(*columns).order_by(clinics.c.clinic_id))]


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
