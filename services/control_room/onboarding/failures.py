"""Why a clinic could not be brought on board, each said in one line."""


class OnboardingFailed(Exception):
    """The broker did not do what was asked. Doing it again is safe."""


class ClinicUnknown(Exception):
    """No clinic of this id is on board."""
