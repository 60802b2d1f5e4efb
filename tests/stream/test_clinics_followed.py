"""Which clinics are read, and that their topics are the ones they were."""

import pytest
from sqlalchemy import Engine

from network_registry.clinics import add_clinic, suspend_clinic
from network_registry.database import open_registry
from network_registry.home import Home
from session_stream.clinics_followed import ClinicsFollowed, NoClinics, TopicReplaced
from session_stream.topic_identities import TopicIdentity


class Broker:
    """What the broker would say of the topics of these clinics."""

    def __init__(self) -> None:
        self.ids: dict[str, str] = {}

    def look_up(self, clinic_ids) -> dict[str, TopicIdentity]:
        known = [clinic_id for clinic_id in clinic_ids if clinic_id in self.ids]
        return {f"clinic.{c}.events": TopicIdentity(c, "cluster-1", f"clinic.{c}.events", self.ids[c]) for c in known}


@pytest.fixture
def broker() -> Broker:
    return Broker()


@pytest.fixture
def registry(tmp_path) -> Engine:
    return open_registry(Home(tmp_path).create())


@pytest.fixture
def followed(registry, broker) -> ClinicsFollowed:
    return ClinicsFollowed(registry, broker.look_up)


def test_a_clinic_is_read_from_the_topic_that_the_broker_knows(registry, broker, followed):
    add_clinic(registry, "alpha")
    broker.ids = {"alpha": "id-1"}
    followed.refresh()
    source = followed.source("clinic.alpha.events", 3)
    assert (source.clinic_id, source.topic_id, source.partition) == ("alpha", "id-1", 3)


def test_a_clinic_whose_topics_are_not_there_yet_is_read_once_they_are(registry, broker, followed):
    for clinic_id in ("alpha", "beta"):
        add_clinic(registry, clinic_id)
    broker.ids = {"alpha": "id-1"}
    followed.refresh()
    assert followed.topics == ["clinic.alpha.events"]
    broker.ids["beta"] = "id-2"
    followed.refresh()
    assert followed.topics == ["clinic.alpha.events", "clinic.beta.events"]


def test_a_suspended_clinic_is_still_read_also_by_a_worker_that_starts_later(registry, broker):
    for clinic_id in ("alpha", "beta"):
        add_clinic(registry, clinic_id)
    broker.ids = {"alpha": "id-1", "beta": "id-2"}
    suspend_clinic(registry, "alpha")
    later = ClinicsFollowed(registry, broker.look_up)
    later.refresh()
    assert later.topics == ["clinic.alpha.events", "clinic.beta.events"]
    assert later.source("clinic.alpha.events", 0).topic_id == "id-1"


def test_a_suspended_clinic_without_topics_is_not_asked_for_at_every_poll_until_it_comes_back(registry, broker):
    asked = []
    followed = ClinicsFollowed(registry, lambda ids: asked.append(ids) or broker.look_up(ids))
    for clinic_id in ("alpha", "beta"):
        add_clinic(registry, clinic_id)
    suspend_clinic(registry, "alpha")
    broker.ids = {"beta": "id-2"}
    followed.refresh()
    followed.refresh()
    assert len(asked) == 1
    add_clinic(registry, "alpha")
    broker.ids["alpha"] = "id-1"
    followed.refresh()
    assert followed.topics == ["clinic.alpha.events", "clinic.beta.events"]


@pytest.mark.parametrize("clinics", [[], ["alpha"]], ids=["none registered", "none with topics"])
def test_without_a_clinic_there_is_nothing_to_read(registry, followed, clinics):
    for clinic_id in clinics:
        add_clinic(registry, clinic_id)
    with pytest.raises(NoClinics):
        followed.refresh()


def test_a_topic_that_was_made_anew_is_refused(registry, broker, followed):
    add_clinic(registry, "alpha")
    broker.ids = {"alpha": "id-1"}
    followed.refresh()
    followed.verify()
    broker.ids = {"alpha": "id-2"}
    with pytest.raises(TopicReplaced):
        followed.verify()
