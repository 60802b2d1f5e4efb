"""What `publish --register-clinics` does first: clinics get on board, and the mapping's studies into the registry."""

from collections.abc import Callable, Sequence

from clinic_publisher.mapping.mapping import DeclaredStudy
from control_room.onboarding import onboard_clinics
from network_registry.database import open_registry
from network_registry.home import Home
from network_registry.settings import Settings
from network_registry.studies import register_study


def registrar(home: Home, settings: Settings) -> Callable[[Sequence[str], Sequence[DeclaredStudy]], None]:
    def register(clinic_ids: Sequence[str], studies: Sequence[DeclaredStudy]) -> None:
        onboard_clinics(home, settings, clinic_ids)
        registry = open_registry(home)
        for study in studies:
            register_study(registry, study.study_id, study.reference_arm, study.title)

    return register
