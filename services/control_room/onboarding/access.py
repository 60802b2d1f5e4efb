"""What a clinic's credential may do: write its own events and read its own receipts, nothing else."""

import time
from collections.abc import Callable

from kafka import KafkaAdminClient
from kafka.admin import (
    ACL,
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ResourcePattern,
    ResourcePatternFilter,
    ResourceType,
)
from kafka.errors import KafkaError, NoError

from control_room.onboarding.failures import OnboardingFailed
from network_registry.connections import clinic_user
from network_registry.topics import events_topic, receipts_topic

IN_FORCE_WITHIN_S = 30.0


def clinic_acls(clinic_id: str) -> list[ACL]:
    """The whole of a clinic's rights."""
    events, receipts = events_topic(clinic_id), receipts_topic(clinic_id)
    return [
        _allow(clinic_id, events, ACLOperation.WRITE),
        _allow(clinic_id, events, ACLOperation.DESCRIBE),
        _allow(clinic_id, receipts, ACLOperation.READ),
        _allow(clinic_id, receipts, ACLOperation.DESCRIBE),
    ]


def grant(admin: KafkaAdminClient, acls: list[ACL]) -> None:
    """Add to the access list; what is there already stays. Returns when the broker acts on it. `OnboardingFailed`."""
    _require_done(admin.create_acls(acls)["failed"])
    _await(lambda: set(acls) <= set(_in_force(admin, EVERY_ACL)))


def revoke(admin: KafkaAdminClient, clinic_id: str) -> None:
    """Remove whatever the clinic's user may do, through open connections too. Returns when the broker acts on it."""
    whose = _filter(_principal(clinic_id))
    _require_done([error for _, _, error in admin.delete_acls([whose]) if error is not NoError])
    _await(lambda: not _in_force(admin, whose))


def _filter(principal: str | None) -> ACLFilter:
    anything = ResourcePatternFilter(ResourceType.ANY, None, ACLResourcePatternType.ANY)
    return ACLFilter(principal, None, ACLOperation.ANY, ACLPermissionType.ANY, anything)


EVERY_ACL = _filter(None)


def _in_force(admin: KafkaAdminClient, which: ACLFilter) -> list[ACL]:
    return admin.describe_acls(which)[0]


def _await(condition: Callable[[], bool]) -> None:
    # The controller answers before the broker knows. A client that comes in between is told that it may not write,
    # and kafka-python's idempotent producer never recovers from that.
    deadline = time.monotonic() + IN_FORCE_WITHIN_S
    while not condition():
        if time.monotonic() > deadline:
            raise OnboardingFailed(f"the broker did not act on its new access list within {IN_FORCE_WITHIN_S:g} s")
        time.sleep(0.02)


def _allow(clinic_id: str, topic: str, operation: ACLOperation) -> ACL:
    pattern = ResourcePattern(ResourceType.TOPIC, topic, ACLResourcePatternType.LITERAL)
    return ACL(_principal(clinic_id), "*", operation, ACLPermissionType.ALLOW, pattern)


def _principal(clinic_id: str) -> str:
    return f"User:{clinic_user(clinic_id)}"


def _require_done(errors: list[type[KafkaError]]) -> None:
    if errors:
        raise OnboardingFailed(f"the broker did not change its access list: {errors[0].__name__}")
