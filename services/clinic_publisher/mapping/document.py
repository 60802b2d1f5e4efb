"""Read a mapping's YAML strictly: a key that stands twice is an error, not the second one's victory."""

from pathlib import Path
from typing import Any

import yaml

from clinic_publisher.mapping.inspection import MappingInvalid


class _StrictLoader(yaml.SafeLoader):
    pass


def _mapping_without_repeats(loader: _StrictLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    built: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if isinstance(key, (dict, list)) or key in built:
            raise yaml.constructor.ConstructorError(None, None, "a key stands twice", key_node.start_mark)
        built[key] = loader.construct_object(value_node, deep=True)
    return built


_StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping_without_repeats)


def read_document(path: Path) -> dict[Any, Any]:
    """The YAML of a mapping. Raises `MappingInvalid` with the line when it cannot be read."""
    try:
        document = yaml.load(path.read_text(encoding="utf-8-sig"), _StrictLoader)
    except OSError as error:
        raise MappingInvalid([f"{path}: {error.strerror or error}"], names_file=True) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise MappingInvalid([f"{path}: {_where(error)}"], names_file=True) from None
    if not isinstance(document, dict):
        raise MappingInvalid([f"{path}: a mapping is a YAML document of keys and values"], names_file=True)
    return document


def _where(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "not readable YAML"
    return f"line {mark.line + 1}: {problem}" if mark else problem
