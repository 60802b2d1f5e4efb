"""Write the pages that are made from the dbt project's own descriptions and the metrics'; a part of `make schemas`."""

from collections.abc import Iterator
from pathlib import Path

from clinic_events.publishing import generated_files
from clinic_events.publishing.markdown import filled
from clinic_events.resources import bundled
from data_dictionary.dictionary_pages import area_pages, dictionary_blocks
from data_dictionary.measures import read_measures
from data_dictionary.measures_page import measures_blocks
from data_dictionary.metrics_page import metrics_blocks
from data_dictionary.tables import read_tables

ROOT = bundled("dbt").parent

# Files of this kind that are not made any more are taken away.
_OWNED = ("docs/dictionary/*.md",)


def rendered_pages(root: Path = ROOT) -> dict[str, str]:
    """Every page that is generated, wholly or in part, by its path from the root: as it must be."""
    return dict(_rendered(root))


def owned_pages(root: Path = ROOT) -> set[str]:
    """The pages that stand where only generated ones may."""
    return generated_files.found(root, _OWNED)


def export(root: Path = ROOT) -> None:
    generated_files.write(root, {path: page.encode() for path, page in rendered_pages(root).items()}, _OWNED)


def _rendered(root: Path) -> Iterator[tuple[str, str]]:
    project = bundled("dbt")
    tables = read_tables(project)
    for name, page in area_pages(tables):
        yield f"docs/dictionary/{name}", page
    blocks = {
        "docs/dictionary.md": dictionary_blocks(tables, project),
        "docs/measures.md": measures_blocks(read_measures().values(), tables),
        "docs/metrics.md": metrics_blocks(),
    }
    for page, parts in blocks.items():
        yield page, filled((root / page).read_text(encoding="utf-8"), parts)


if __name__ == "__main__":
    export()
