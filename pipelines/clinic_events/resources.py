"""Find the files that travel with Meridian: in a checkout at its root, in an installed wheel beside this module."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def bundled(name: str) -> Path:
    """The folder `schemas`, `dbt` or `infra/kafka`. Raises FileNotFoundError for any other."""
    for root in (_PACKAGE / "bundled", _PACKAGE.parents[1]):
        if (folder := root / name).is_dir():
            return folder
    raise FileNotFoundError(f"Meridian's folder {name!r} is neither in this installation nor in a checkout")
