"""A FHIR element as JSON that remembers what was taken of it: whatever is left was not represented, and is told."""

from typing import Any, Self

# Of the exchange, not of what happened.
_OF_THE_EXCHANGE = frozenset({"resourceType", "id", "identifier", "meta", "implicitRules", "language"})


class Elements:
    """The JSON object of a resource, or of an element in it."""

    def __init__(self, node: dict[str, Any]) -> None:
        self._node = node
        self._taken: set[str] = set()
        self._inner: dict[str, list[Self]] = {}

    def take(self, name: str) -> Any:
        """The value of an element; from here on it counts as represented. None where it is absent."""
        self._taken.add(name)
        return self._node.get(name)

    def peek(self, name: str) -> Any:
        """The value of an element, which does not count as represented for that."""
        return self._node.get(name)

    def first(self, *names: str) -> tuple[str, Any] | None:
        """The first of these elements that is there, with its name: FHIR's choices, as `effective[x]`."""
        return next(((name, self.take(name)) for name in names if name in self._node), None)

    def all(self, name: str) -> list[Self]:
        """The elements under a name, one or many; what is not taken of them is left over."""
        if name not in self._inner:
            given = self._node.get(name)
            nodes = given if isinstance(given, list) else [given] if given is not None else []
            self._inner[name] = [type(self)(node) for node in nodes if isinstance(node, dict)]
        return self._inner[name]

    def one(self, name: str) -> Self:
        """The first element under a name, empty where there is none."""
        return next(iter(self.all(name)), None) or type(self)({})

    def left(self) -> list[str]:
        """Names of what was not taken, `component.valueString`; never a value, which may be a name."""
        return sorted(set(self._left()) - _OF_THE_EXCHANGE)

    def _left(self) -> list[str]:
        names: list[str] = []
        for name in self._node:
            if name in self._inner and name not in self._taken:
                names += [f"{name}.{inner}" for element in self._inner[name] for inner in element._left()]
            elif name not in self._taken:
                names.append(name)
        return names
