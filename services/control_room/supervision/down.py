"""Stop the platform that runs on this machine."""

from control_room.answers import notice
from control_room.supervision.identities import end
from control_room.supervision.ownership import end_leftovers, living_supervisor
from control_room.supervision.plan import GRACE_S
from control_room.supervision.platform_plan import BROKER_GRACE_S
from network_registry.home import Home

# Three stages of an ordered stop, the last of them the broker's, and a little for the supervisor itself.
STOP_WITHIN_S = GRACE_S + GRACE_S + BROKER_GRACE_S + 10.0


def down(home: Home) -> int:
    """Stop the supervisor and with it, in order, everything it looks after; 0 also when nothing runs."""
    supervisor = living_supervisor(home)
    if supervisor:
        end([supervisor], STOP_WITHIN_S)
    end_leftovers(home, notice)
    notice("the platform is down" if supervisor else "the platform was not up")
    return 0
