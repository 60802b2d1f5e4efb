"""What can keep the embedded broker from serving, each said in one line."""


class BrokerFailure(Exception):
    """The broker cannot be prepared, started or reached; the message is one line for a person."""


class JarsUnavailable(BrokerFailure):
    """Kafka's jars are not in the cache and could not be fetched."""


class JavaMissing(BrokerFailure):
    """There is no Java on this machine that runs Kafka."""


class PortTaken(BrokerFailure):
    """Something else listens where the platform has to."""


class BrokerAlreadyRuns(BrokerFailure):
    """A broker of the same home is alive."""


class BrokerUnreachable(BrokerFailure):
    """Nothing that speaks Kafka answers at the address."""


class CredentialRefused(BrokerFailure):
    """The broker is there and does not take the user name with this password."""
