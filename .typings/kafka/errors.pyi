"""kafka-python 3 has types of its own; the stubs that pyright brings are those of version 2."""

from typing import Any

def __getattr__(name: str) -> Any: ...
