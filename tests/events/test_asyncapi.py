"""`schemas/asyncapi.yaml` is valid AsyncAPI 3.0, whole and connected, and tells of the topics that are really made."""

import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
import yaml

from clinic_events import network_records
from clinic_events.catalogue import EVENT_TYPES
from clinic_events.publishing.asyncapi_channels import topics
from clinic_events.publishing.asyncapi_messages import record_schemas
from clinic_events.resources import bundled
from network_registry.settings import Settings
from network_registry.topics import topic_specs

SCHEMAS = bundled("schemas")
DOCUMENT: dict[str, Any] = yaml.safe_load((SCHEMAS / "asyncapi.yaml").read_text())
CHANNELS, OPERATIONS, COMPONENTS = DOCUMENT["channels"], DOCUMENT["operations"], DOCUMENT["components"]


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        node = list(node.values())
    if isinstance(node, list):
        for inner in node:
            yield from references(inner)


def target(reference: str) -> Any:
    """What a reference leads to. Raises KeyError or OSError where that is nowhere."""
    file, _, pointer = reference.partition("#")
    found = json.loads((SCHEMAS / file).read_text()) if file else DOCUMENT
    for step in filter(None, pointer.split("/")):
        found = found[step]
    return found


@pytest.mark.filterwarnings("ignore::UserWarning")  # asyncapi3 has fields named like methods of pydantic
def test_it_is_valid_asyncapi_3() -> None:
    from asyncapi3.models.asyncapi import AsyncAPI3

    assert AsyncAPI3.model_validate(DOCUMENT).asyncapi == "3.0.0"


def test_every_reference_leads_somewhere() -> None:
    assert all(target(reference) for reference in references(DOCUMENT))


def test_every_channel_has_an_operation_with_all_of_its_messages() -> None:
    operated = {operation["channel"]["$ref"]: operation["messages"] for operation in OPERATIONS.values()}
    for name, channel in CHANNELS.items():
        messages = {reference["$ref"] for reference in operated.pop(f"#/channels/{name}")}
        assert messages == {f"#/channels/{name}/messages/{message}" for message in channel["messages"]}
    assert not operated


def test_every_message_is_sent_somewhere_and_every_schema_is_used() -> None:
    used = set(references(DOCUMENT))
    assert {f"#/components/messages/{name}" for name in COMPONENTS["messages"]} <= used
    assert {f"#/components/schemas/{name}" for name in COMPONENTS["schemas"]} <= used


def test_the_platform_receives_from_clinics_and_sends_all_else() -> None:
    actions = {operation["channel"]["$ref"]: operation["action"] for operation in OPERATIONS.values()}
    assert actions.pop("#/channels/clinicEvents") == "receive"
    assert set(actions.values()) == {"send"}


def test_topics_partitions_and_sizes_are_those_that_are_made() -> None:
    made = topic_specs(SCHEMAS)
    assert {channel["address"] for channel in CHANNELS.values()} == made.keys()
    for channel in CHANNELS.values():
        kafka, spec = channel["bindings"]["kafka"], made[channel["address"]]
        assert kafka["partitions"] == spec.partitions
        assert {key: str(value) for key, value in kafka["topicConfiguration"].items()}.items() <= spec.config.items()


def test_a_clinic_may_send_every_type_of_event_under_its_published_schema() -> None:
    messages = [target(reference["$ref"]) for reference in CHANNELS["clinicEvents"]["messages"].values()]
    shown = {message["name"]: target(message["payload"]["schema"]["$ref"])["title"] for message in messages}
    assert shown == {name: name for name in EVENT_TYPES}


def test_every_record_that_the_stream_writes_has_a_schema_of_its_type() -> None:
    written = {name for topic in topics() for name in topic.records if hasattr(network_records, name)}
    assert written == {"AcceptedEvent", "QuarantinedEvent", "Alert", "Decided", "Landed"}
    assert record_schemas(topics()).keys() == {*written, "Origin", "Reason"}
    fields = {field.encode_name for field in msgspec.structs.fields(network_records.Decided)}
    assert COMPONENTS["schemas"]["Decided"]["properties"].keys() == fields | {"kind"}


def test_a_connection_is_told_as_the_platform_asks_for_it() -> None:
    server = DOCUMENT["servers"]["network"]
    assert server["variables"]["broker"]["default"] == Settings().bootstrap_servers
    assert [target(reference["$ref"])["type"] for reference in server["security"]] == ["scramSha512"]


def test_a_channel_of_a_clinic_says_what_its_parameter_is() -> None:
    for channel in CHANNELS.values():
        assert channel.get("parameters", {}).keys() == set(re.findall(r"\{(\w+)\}", channel["address"]))
