"""The contracts for reading: one page for each family of events, and the tables of the page that leads to them."""

import json
import sys
from collections import defaultdict
from collections.abc import Iterator

from clinic_events.catalogue import EVENT_TYPES, EventType
from clinic_events.publishing.contract_fields import data_fields, envelope_fields
from clinic_events.publishing.event_schemas import file_name, published_schema
from clinic_events.publishing.examples import valid_example
from clinic_events.publishing.field_table import field_table
from clinic_events.publishing.markdown import GENERATED, code, link, table

_SHOWN = "session.completed"


def family_pages() -> Iterator[tuple[str, str]]:
    """File name and content of each page in `docs/contracts/`."""
    for family, kinds in _families().items():
        about = sys.modules[kinds[0].data.__module__].__doc__ or ""
        sections = [_section(kind) for kind in kinds]
        yield f"{family}.md", "\n\n".join([GENERATED, f"# {_title(family)}", about.strip(), *sections]) + "\n"


def contract_blocks() -> dict[str, str]:
    """The generated parts of `docs/contracts.md`."""
    return {
        "example": f"```json\n{json.dumps(valid_example(_SHOWN, 'minimal'), indent=2)}\n```",
        "envelope": field_table(envelope_fields(), valid_example(_SHOWN, "every_attribute"), "../"),
        "types": table(("type", "says", "patient", "version"), map(_type_row, EVENT_TYPES.values())),
    }


def _families() -> dict[str, list[EventType]]:
    families: dict[str, list[EventType]] = defaultdict(list)
    for kind in EVENT_TYPES.values():
        families[_family(kind)].append(kind)
    return families


def _family(kind: EventType) -> str:
    """Types that are defined together are explained together."""
    return kind.data.__module__.rsplit(".", 1)[1]


def _title(family: str) -> str:
    return family.replace("_", " ").capitalize()


def _type_row(kind: EventType) -> tuple[str, ...]:
    page = f"contracts/{_family(kind)}.md#{kind.name.replace('.', '')}"
    return link(code(kind.name), page), _purpose(kind), "yes" if kind.about_patient else "no", str(kind.version)


def _purpose(kind: EventType) -> str:
    return " ".join((kind.data.__doc__ or "").split())


def _section(kind: EventType) -> str:
    schema, examples = file_name(kind), f"../../schemas/examples/{kind.name}"
    patient = "It is about a patient: `subject` is required." if kind.about_patient else "It is not about a patient."
    links = ", ".join(
        [link("schema", f"../../schemas/events/{schema}")]
        + [link(f"{sort} examples", f"{examples}/{sort}") for sort in ("valid", "flagged", "invalid")]
    )
    fields = field_table(
        data_fields(published_schema(kind)), valid_example(kind.name, "complete").get("data"), "../../"
    )
    return f"## {kind.name}\n\n{_purpose(kind)}\n\n{patient} Version {kind.version}; {links}.\n\n{fields}"
