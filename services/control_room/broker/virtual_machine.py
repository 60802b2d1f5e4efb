"""How a class of Kafka is run: the java, its options and its class path."""

import os
from dataclasses import dataclass
from pathlib import Path

from control_room.broker.configuration import logging_configuration
from control_room.broker.jars import Progress, kafka_jars, silent
from control_room.broker.java import find_java

OPTIONS = (
    "-Xmx512m",
    "-XX:+UseSerialGC",
    # A broker without memory must end and be restarted, not linger half dead.
    "-XX:+ExitOnOutOfMemoryError",
    "-Djava.awt.headless=true",
)


@dataclass(frozen=True)
class VirtualMachine:
    java: Path
    jars: tuple[Path, ...]

    def command(self, main_class: str, *arguments: str) -> list[str]:
        logging = f"-Dlog4j2.configurationFile={logging_configuration()}"
        return [str(self.java), *OPTIONS, logging, main_class, *arguments]

    def environment(self) -> dict[str, str]:
        # In the environment, the class path of 45 jars does not drown the process list.
        return {**os.environ, "CLASSPATH": os.pathsep.join(map(str, self.jars))}


def prepare_virtual_machine(progress: Progress = silent) -> VirtualMachine:
    """Find Java and the jars, fetching the jars where the cache lacks them. Raises `JavaMissing`, `JarsUnavailable`."""
    return VirtualMachine(find_java(), tuple(kafka_jars(progress)))
