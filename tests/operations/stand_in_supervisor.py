"""A real supervisor over stand-in processes, for the tests: `python stand_in_supervisor.py HOME`.

Each stand-in writes its name to HOME/order when it starts and when it is told to stop; `base` is ready once it made
its file, `leaf` needs `base`, `alone` needs nobody.
HOME/NAME.broken makes one end at once, HOME/NAME.unbound lets one outlive its supervisor.
"""

import os
import sys
from pathlib import Path

from control_room.supervision.failures import AlreadyUp
from control_room.supervision.ownership import sole_supervisor
from control_room.supervision.plan import Plan, ProcessSpec
from control_room.supervision.supervisor import Supervisor
from control_room.supervision.wakeups import Wakeups
from network_registry.home import Home

STAND_IN = """
import ctypes, os, signal, sys
from pathlib import Path
name, root = sys.argv[1], Path(sys.argv[2])
def say(word):
    with (root / "order").open("a") as order: order.write(f"{word} {name}\\n")
def leave(*_):
    say("stop"); sys.exit(0)
if (root / f"{name}.broken").exists():
    print("no key to the house"); sys.exit(3)
if (root / f"{name}.unbound").exists():
    ctypes.CDLL(None).prctl(1, 0, 0, 0, 0)
signal.signal(signal.SIGTERM, leave)
say("start")
(root / f"{name}.ready").write_text(str(os.getpid()))
while True: signal.pause()
"""


def say(what: object) -> int:
    sys.stdout.write(f"{what}\n")
    return 1


def main(root: Path) -> int:
    home = Home(root)

    def spec(name: str, *after: str) -> ProcessSpec:
        command = (sys.executable, "-c", STAND_IN, name, str(root))
        ready = root / f"{name}.ready"
        return ProcessSpec(name, command, after, missing=lambda: None if ready.exists() else "has not said it is ready")

    plan = Plan((spec("base"), spec("leaf", "base"), spec("alone")), (("alone",), ("leaf",), ("base",)))
    try:
        with sole_supervisor(home, say), Wakeups() as wakeups:
            Supervisor(plan, home, os.environ, say).run(wakeups)
    except AlreadyUp as fault:
        return say(fault)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
