"""The registry's tables. A change here needs a migration: a test compares the two."""

from sqlalchemy import Column, Date, DateTime, Integer, MetaData, String, Table, Text

metadata = MetaData()

# One row per clinic of the network.
clinics = Table(
    "clinics",
    metadata,
    Column("clinic_id", String(40), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("timezone", String(64), nullable=True),
    Column("added_at", DateTime, nullable=False),
    Column("suspended_at", DateTime, nullable=True),
)

# One row per study; its reference arm is the one that differences are taken from.
studies = Table(
    "studies",
    metadata,
    Column("study_id", String(64), primary_key=True),
    Column("reference_arm", String(64), nullable=False),
    Column("title", String(300), nullable=True),
    Column("registered_at", DateTime, nullable=False),
)

# One row per request for a release.
build_requests = Table(
    "build_requests",
    metadata,
    Column("request_id", Integer, primary_key=True, autoincrement=True),
    Column("requested_at", DateTime, nullable=False),
    Column("requested_by", String(64), nullable=False),
    Column("status", String(16), nullable=False),
    Column("builder_pid", Integer, nullable=True),
    Column("release_id", Integer, nullable=True),
    Column("error", Text, nullable=True),
    Column("finished_at", DateTime, nullable=True),
)

# One row per build that got as far as a verdict.
releases = Table(
    "releases",
    metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=True),
    Column("created_at", DateTime, nullable=False),
    Column("as_of", DateTime, nullable=False),
    Column("status", String(16), nullable=False),
    Column("folder", Text, nullable=False),
    Column("manifest", Text, nullable=False),
)

# One row per erasure of a patient. Whose it was cannot be read from it: `keyed_hash` is a keyed hash of the pseudonym.
erasures = Table(
    "erasures",
    metadata,
    Column("erasure_id", Integer, primary_key=True, autoincrement=True),
    Column("clinic_id", String(40), nullable=False),
    Column("keyed_hash", String(64), nullable=False),
    Column("requested_at", DateTime, nullable=False),
    Column("requested_by", String(64), nullable=False),
    Column("reason", String(200), nullable=True),
    Column("status", String(16), nullable=False),
    Column("pseudonyms", Integer, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("segments", Integer, nullable=False),
    Column("versions", Integer, nullable=False),
    Column("failed_builds", Integer, nullable=False),
    Column("outbox_events", Integer, nullable=False),
    Column("exported_files", Integer, nullable=False),
    Column("rewritten_at", DateTime, nullable=True),
    Column("finished_at", DateTime, nullable=True),
    Column("release_id", Integer, nullable=True),
    Column("error", Text, nullable=True),
)

# Who and what is erased, as keyed hashes: patients who may not come back, and the ids that were those of their events.
erased_hashes = Table(
    "erased_hashes",
    metadata,
    Column("keyed_hash", String(64), primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("erasure_id", Integer, nullable=False),
)

# One row per export of a release: what an erasure has to remove, or to name where it cannot.
exports = Table(
    "exports",
    metadata,
    Column("export_id", Integer, primary_key=True, autoincrement=True),
    Column("exported_at", DateTime, nullable=False),
    Column("release_id", Integer, nullable=False),
    Column("tier", String(16), nullable=False),
    Column("folder", Text, nullable=False),
    Column("files", Text, nullable=False),
    Column("removed_at", DateTime, nullable=True),
)

# One row per data lock; its period names it.
locks = Table(
    "locks",
    metadata,
    Column("period", String(16), primary_key=True),
    Column("closed_until", Date, nullable=False),
    Column("locked_at", DateTime, nullable=False),
    Column("release_id", Integer, nullable=False),
    Column("folder", Text, nullable=False),
)
