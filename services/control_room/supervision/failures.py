"""Why the platform is not up, said in one line."""


class SupervisionFailure(Exception):
    """The message is one line for a person."""


class AlreadyUp(SupervisionFailure):
    """A supervisor of the same home is alive; `holder` is what it wrote down as its process id."""

    def __init__(self, message: str, holder: str) -> None:
        super().__init__(message)
        self.holder = holder


class NotReady(SupervisionFailure):
    """Not every process became ready; the message names one that did not, and its last words."""
