"""The demo's own home: made anew at every start, on ports that are free."""

import os
import shutil
import socket
from datetime import datetime
from pathlib import Path

from control_room.broker.ports import is_free
from control_room.homes import checked_settings, furnish
from control_room.supervision import down
from network_registry.home import Home
from network_registry.settings import Settings

DEMO_HOME = Path(".meridian-demo")
# Beside the ports of `up`, so that a demo runs next to a platform that is in use.
_PORTS = {"broker_port": 19192, "controller_port": 19193, "dashboard_port": 8610}


class NotADemo(Exception):
    """The folder that would be wiped is not one that a demo made."""


def fresh_demo_home(as_of: datetime) -> tuple[Home, Settings]:
    """Stop and wipe the last demo, and make a home for this one."""
    home = Home(DEMO_HOME)
    _wipe(home)
    furnish(home)
    home.settings_file.write_text(free_ports() + f'as_of = "{as_of.isoformat()}"\nbuild_interval_s = 86400\n')
    os.environ["MERIDIAN_HOME"] = str(home.root)
    return home, checked_settings(home)


def free_ports() -> str:
    """Lines of a settings file: ports on which nobody listens, for a platform beside others."""
    return "".join(f"{name} = {_port(name, wanted)}\n" for name, wanted in _PORTS.items())


def _wipe(home: Home) -> None:
    if not home.root.exists():
        return
    if home.root.is_symlink() or not home.exists():
        raise NotADemo(f"{home.root} was not made by a demo; move it away")
    down(home)
    shutil.rmtree(home.root)


def _port(name: str, wanted: int) -> int:
    if given := os.environ.get(f"MERIDIAN_{name.upper()}"):
        return int(given)
    return wanted if is_free(wanted) else _any_free()


def _any_free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
