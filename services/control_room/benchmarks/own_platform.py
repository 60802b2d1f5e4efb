"""A platform of a benchmark's own, beside whatever else runs on this machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from control_room.demo.home import free_ports
from control_room.homes import checked_settings, furnish
from control_room.supervision import down, up
from network_registry.home import Home
from network_registry.settings import Settings
from warehouse_releases.dbt_invocation import environment


@contextmanager
def own_platform(root: Path, settings: str = "") -> Iterator[tuple[Home, Settings]]:
    """Up for as long as the block runs. `settings` are lines of its settings file."""
    home = Home(root / "home")
    furnish(home)
    home.settings_file.write_text(free_ports() + settings)
    with environment(MERIDIAN_HOME=str(home.root)):
        try:
            read = checked_settings(home)
            up(home, read, detach=True)
            yield home, read
        finally:
            down(home)
