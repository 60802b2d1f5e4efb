"""Keep the platform's processes alive on one machine: start in order, restart what dies, stop in order."""

from control_room.supervision.down import down
from control_room.supervision.states import process_states
from control_room.supervision.up import start_detached, supervise, up

__all__ = ["down", "process_states", "start_detached", "supervise", "up"]
