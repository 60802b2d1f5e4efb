"""Dismiss from the group a worker of this machine that died: else its partitions stay unread for ten seconds.

Kafka's static membership would do the same, but not when a clinic was added while the worker was down: the broker then
hands out the old assignment, and aiokafka 0.14 stops over it without a word.
"""

from kafka.admin import KafkaAdminClient, MemberToRemove
from kafka.errors import KafkaError

from network_registry.topics import STREAM_GROUP


def dismiss_predecessor(admin: KafkaAdminClient, client_id: str) -> int:
    """The number of members dismissed. To be called under the machine's lock: no worker of this name is alive.

    Nothing but time is lost when the broker cannot do it, so its refusal is not an error.
    """
    try:
        members = admin.describe_groups([STREAM_GROUP])[STREAM_GROUP]["members"]
        dead = [MemberToRemove(member_id=each["member_id"]) for each in members if each["client_id"] == client_id]
        return len(admin.remove_group_members(STREAM_GROUP, dead))
    except KafkaError:
        return 0
