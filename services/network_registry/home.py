"""The folder in which one Meridian lives (`MERIDIAN_HOME`)."""

from dataclasses import dataclass
from pathlib import Path


class HomeMissing(Exception):
    """The folder is not a Meridian home. Only `up`, `demo` and `clinic add` create one."""


@dataclass(frozen=True)
class Home:
    root: Path

    def __post_init__(self) -> None:
        object.__setattr__(self, "root", Path(self.root).absolute())

    @property
    def registry_db(self) -> Path:
        return self.root / "registry.db"

    @property
    def settings_file(self) -> Path:
        return self.root / "meridian.toml"

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def credentials(self) -> Path:
        return self.root / "credentials"

    @property
    def broker(self) -> Path:
        return self.root / "broker"

    @property
    def lake(self) -> Path:
        return self.root / "lake"

    @property
    def warehouse(self) -> Path:
        return self.root / "warehouse"

    @property
    def builds(self) -> Path:
        return self.root / "builds"

    @property
    def outbox(self) -> Path:
        return self.root / "outbox"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def run(self) -> Path:
        return self.root / "run"

    @property
    def metrics(self) -> Path:
        """What each process tells of itself; made when the first one does."""
        return self.run / "metrics"

    def exists(self) -> bool:
        return self.keys.is_dir()

    def create(self) -> "Home":
        """Make the folder and its rooms, readable by their owner alone. Creating it twice changes nothing."""
        rooms = (
            self.credentials,
            self.broker,
            self.lake,
            self.warehouse,
            self.builds,
            self.outbox,
            self.logs,
            self.run,
        )
        for folder in (self.root, *rooms, self.keys):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self

    def require(self) -> "Home":
        """This home, or `HomeMissing`: a mistyped folder must not mint a new pseudonym key."""
        if not self.exists():
            raise HomeMissing(f"no Meridian home at {self.root}: `meridian up`, `demo` or `clinic add` creates one")
        return self
