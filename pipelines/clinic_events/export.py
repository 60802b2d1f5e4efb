"""Write all that is made from the contracts, schemas, AsyncAPI, pages and conformance kit: `make schemas`."""

from collections.abc import Iterator
from pathlib import Path

from clinic_events.publishing import generated_files
from clinic_events.publishing.asyncapi import rendered_asyncapi
from clinic_events.publishing.conformance import rendered_kit
from clinic_events.publishing.contract_pages import contract_blocks, family_pages
from clinic_events.publishing.event_schemas import rendered_schemas
from clinic_events.publishing.markdown import filled
from clinic_events.publishing.rules_page import rule_blocks
from clinic_events.publishing.stricta_page import stricta_blocks
from clinic_events.publishing.vocabularies_page import vocabulary_blocks
from clinic_events.resources import bundled

ROOT = bundled("schemas").parent

# Files of these kinds that are not made any more are taken away.
_OWNED = ("schemas/events/*.schema.json", "schemas/conformance/*.jsonl", "docs/contracts/*.md")
_PAGES = {
    "docs/contracts.md": contract_blocks,
    "docs/rules.md": rule_blocks,
    "docs/stricta.md": stricta_blocks,
    "docs/vocabularies.md": vocabulary_blocks,
}


def rendered_files(root: Path = ROOT) -> dict[str, bytes]:
    """Every file that is generated, wholly or in part, by its path from the root: as it must be."""
    return {path: content.encode() if isinstance(content, str) else content for path, content in _rendered(root)}


def owned_files(root: Path = ROOT) -> set[str]:
    """The files that stand where only generated ones may."""
    return generated_files.found(root, _OWNED)


def export(root: Path = ROOT) -> None:
    generated_files.write(root, rendered_files(root), _OWNED)


def _rendered(root: Path) -> Iterator[tuple[str, str | bytes]]:
    for name, schema in rendered_schemas():
        yield f"schemas/events/{name}", schema
    yield "schemas/asyncapi.yaml", rendered_asyncapi()
    for name, lines in rendered_kit():
        yield f"schemas/conformance/{name}", lines
    for name, page in family_pages():
        yield f"docs/contracts/{name}", page
    for page, blocks in _PAGES.items():
        yield page, filled((root / page).read_text(), blocks())


if __name__ == "__main__":
    export()
