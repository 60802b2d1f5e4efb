"""What is done of a long measurement, in a file: after an interruption the same command goes on with what is left."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from warehouse_releases.durable_files import write_durably


class Steps:
    """The steps of one measurement of one version of the code, in a folder of its own.

    `code` names the version: what another one left is no part of this measurement, and is thrown away.
    """

    def __init__(self, folder: Path, code: str) -> None:
        self.folder, self._file = folder, folder / "steps.json"
        kept = json.loads(self._file.read_text()) if self._file.exists() else {}
        if kept.get("code") != code:
            shutil.rmtree(folder, ignore_errors=True)
            kept = {"code": code, "done": {}}
        self._kept = kept

    def once(self, name: str, take: Callable[[], Any]) -> Any:
        """What `take` answers, as JSON gives it back: asked for only when it was not yet."""
        done = self._kept["done"]
        if name not in done:
            done[name] = take()
            write_durably(self._file, lambda aside: aside.write_text(json.dumps(self._kept)))
        return done[name]

    def end(self) -> None:
        """All is measured: nothing of it is left on the disk."""
        shutil.rmtree(self.folder)
