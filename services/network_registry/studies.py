"""The studies that are registered with the network, each with the arm that the others are compared with."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine, select
from sqlalchemy.dialects.sqlite import insert

from network_registry.tables import studies


class StudyConflict(Exception):
    """The study is registered already, with another reference arm."""


@dataclass(frozen=True)
class Study:
    study_id: str
    reference_arm: str
    title: str | None
    registered_at: datetime


def register_study(engine: Engine, study_id: str, reference_arm: str, title: str | None = None) -> None:
    """Register a study once. A reference arm is never changed afterwards: raises `StudyConflict`."""
    row = {
        "study_id": study_id,
        "reference_arm": reference_arm,
        "title": title,
        "registered_at": datetime.now(UTC).replace(tzinfo=None),
    }
    with engine.begin() as connection:
        connection.execute(insert(studies).values(row).on_conflict_do_nothing())
        kept = connection.execute(select(studies.c.reference_arm).where(studies.c.study_id == study_id)).scalar_one()
    if kept != reference_arm:
        raise StudyConflict(f"study {study_id} is registered with the reference arm {kept!r}")


def list_studies(engine: Engine) -> list[Study]:
    columns = (studies.c.study_id, studies.c.reference_arm, studies.c.title, studies.c.registered_at)
    with engine.connect() as connection:
        return [Study(*row) for row in connection.execute(select(*columns).order_by(studies.c.study_id))]
