"""How dbt is called: quietly, with everything that it writes in a folder of the caller's."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def dbt_command(name: str, project: Path, folder: Path) -> list[str]:
    where = ["--project-dir", str(project), "--profiles-dir", str(project)]
    folders = ["--target-path", str(folder / "target"), "--log-path", str(folder / "logs")]
    quiet = ["--log-level", "none", "--log-level-file", "info", "--no-use-colors", "--no-version-check"]
    return [name, *where, *folders, *quiet]


@contextmanager
def environment(**variables: str) -> Iterator[None]:
    """The process's environment with these variables, for as long as dbt runs in it."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
