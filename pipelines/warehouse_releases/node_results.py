"""What became of one node of the dbt project's graph."""

from dataclasses import dataclass


@dataclass(frozen=True)
class NodeResult:
    """One model, seed or test: `status` is dbt's word. `models` are those that a test is about."""

    name: str
    kind: str
    status: str
    message: str | None
    models: tuple[str, ...] = ()

    @property
    def is_left_out(self) -> bool:
        """dbt builds and asks nothing of what comes behind a test that failed."""
        return self.status == "skipped"
