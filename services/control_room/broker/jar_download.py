"""Fetch Kafka's jars from Maven Central with jgo, without Maven on the machine."""

from dataclasses import replace
from pathlib import Path
from urllib.parse import urlparse

import requests
from jgo.maven import Artifact, MavenContext, PythonResolver
from jgo.parse import Coordinate

from control_room.broker.failures import JarsUnavailable
from control_room.broker.jars import KAFKA_VERSION, Progress

# Resolved one after the other: asked for both at once, jgo 3.2.0 chooses ten wrong jars. Without the second, Kafka
# logs nothing at all.
COORDINATES = (
    f"org.apache.kafka:kafka_2.13:{KAFKA_VERSION}",
    "org.apache.logging.log4j:log4j-slf4j-impl:2.25.5",
)
ATTEMPTS = 3
TIMEOUT_S = 30
# jgo tells a server's refusal by RuntimeError, a broken connection by an error of requests.
_FAULTS = (requests.RequestException, RuntimeError)


class _WholeFiles(PythonResolver):
    """jgo's resolver, which tries again and never leaves half a file behind that a later try would take for whole."""

    def download(self, artifact: Artifact) -> Path | None:
        for _ in range(ATTEMPTS - 1):
            try:
                return self._download_once(artifact)
            except _FAULTS:
                continue
        return self._download_once(artifact)

    def _download_once(self, artifact: Artifact) -> Path | None:
        try:
            return super().download(artifact)
        except BaseException:
            if artifact.cached_path:
                artifact.cached_path.unlink(missing_ok=True)
            raise


def download_jars(repository: Path, expected: int, progress: Progress) -> dict[str, Path]:
    """Every jar of the broker by its file name, fetched below `repository`. Raises `JarsUnavailable`."""
    maven = MavenContext(resolver=_WholeFiles(), repo_cache=repository, local_repos=[], timeout=TIMEOUT_S)
    files: dict[str, Path] = {}
    try:
        for coordinate in COORDINATES:
            progress(f"resolving {coordinate.split(':')[1]}", len(files), expected)
            for artifact in _resolve(maven, coordinate):
                files[artifact.filename] = artifact.resolve()
                progress(artifact.filename, len(files), expected)
    except _FAULTS as fault:
        raise JarsUnavailable(_say(fault, maven)) from None
    return files


def _resolve(maven: MavenContext, coordinate: str) -> list[Artifact]:
    dependency = maven.create_dependency(replace(Coordinate.parse(coordinate), scope="compile"))
    asked, transitive = maven.resolver.resolve([dependency])
    needed = [*asked, *(each for each in transitive if each.scope in ("compile", "runtime"))]
    return [each.artifact for each in needed]


def _say(fault: Exception, maven: MavenContext) -> str:
    host = urlparse(next(iter(maven.remote_repos.values()))).hostname
    return f"Kafka's jars could not be downloaded from {host}: {_reason(fault)}; the next start tries again"


def _reason(fault: Exception) -> str:
    if isinstance(fault, requests.exceptions.ProxyError):
        return "the proxy cannot be reached"
    if isinstance(fault, requests.Timeout):
        return f"no answer within {TIMEOUT_S} s"
    if isinstance(fault, requests.ConnectionError):
        return "no connection"
    return str(fault).partition("\n")[0].partition(" {")[0]
