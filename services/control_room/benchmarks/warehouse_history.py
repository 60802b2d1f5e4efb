"""A network's history as landed segments, made in columns: as many sessions as wanted, in the order of their arrival.

Eight sessions a patient, a week apart, over five years in 200 clinics of six practitioners; eight to twelve needles
each. Of a hundred sessions eight have an adverse event. Every patient is enrolled, assessed, planned for and scored
twice; one session in a hundred is corrected. Shapes and sizes are the stream's own; what is said means nothing.
"""

from datetime import date
from pathlib import Path

import duckdb

from network_registry.topics import EVENTS
from warehouse_releases.segments import Segment, Source

CLINICS, PRACTITIONERS, SESSIONS_PER_PATIENT, DAYS = 200, 6, 8, 5 * 365
SEGMENTS = 50
_SOURCE = Source(EVENTS, "benchmark", "benchmark", 0)
_DAY = date(2026, 1, 1)
_POINTS = "LI4 ST36 SP6 LR3 GB20 GV20 CV4 CV6 BL23 BL25 BL40 BL60 KI3 HT7 PC6 LU7 TE5 GB34 GB21 SI3"


def write_history(lake: Path, sessions: int) -> int:
    """Write about `sessions` sessions, and what belongs to them, into `lake`; how many sessions they are."""
    with duckdb.connect(str(lake.parent / "history.duckdb")) as connection:
        connection.execute("set preserve_insertion_order = false; set memory_limit = '6GB'; set threads = 2")
        connection.execute("create macro one_of(value, count) as 1 + cast(hash(value) % count as integer)")
        connection.execute(_PATIENTS, {"patients": max(sessions // SESSIONS_PER_PATIENT, 1)})
        connection.execute(_HAPPENED)
        _write_segments(connection, lake)
        (written,) = connection.execute("select count(*) from happened where kind = 'session'").fetchall()[0]
    (lake.parent / "history.duckdb").unlink()
    return written


def _write_segments(connection: duckdb.DuckDBPyConnection, lake: Path) -> None:
    (events,) = connection.execute("select count(*) from happened").fetchall()[0]
    rows = -(-events // SEGMENTS)
    for first in range(0, events, rows):
        last = min(first + rows, events) - 1
        segment = Segment(_SOURCE, first, last, _DAY)
        path = lake / segment.path
        path.parent.mkdir(parents=True, exist_ok=True)
        target = str(path).replace("'", "''")
        chosen = _SEGMENT.format(first=first, last=last, points=_POINTS)
        connection.execute(f"copy ({chosen}) to '{target}' (format parquet, codec zstd)")


_PATIENTS = f"""
create table patients as
select
    number,
    'clinic-' || lpad(cast(hash(number) % {CLINICS} as varchar), 3, '0') as clinic_id,
    sha256(cast(number as varchar)) as patient_id,
    'PR-' || cast(hash(number, 1) % {PRACTITIONERS} as varchar) as practitioner_id,
    cast(hash(number, 2) % {DAYS - 7 * SESSIONS_PER_PATIENT} as integer) as first_day
from range($patients) as numbers (number)
"""

# What happens, in the order in which it arrives: `place` counts for each patient, and the offset for all.
_HAPPENED = f"""
create table happened as
with told as (
    select 'enrolment' as kind, number, 0 as place, first_day as day from patients
    union all
    select 'assessment' as kind, number, 1 as place, first_day as day from patients
    union all
    select 'plan' as kind, number, 2 as place, first_day as day from patients
    union all
    select 'score' as kind, number, 3 as place, first_day as day from patients
    union all
    select 'score' as kind, number, 4 as place, first_day + 50 as day from patients
    union all
    select 'session' as kind, number, 10 + visit as place, first_day + 7 * visit as day
    from patients, range({SESSIONS_PER_PATIENT}) as visits (visit)
    union all
    select 'event' as kind, number, 30 + visit as place, first_day + 7 * visit + 1 as day
    from patients, range({SESSIONS_PER_PATIENT}) as visits (visit)
    where hash(number, visit, 3) % 100 < 8
    union all
    select 'correction' as kind, number, 50 + visit as place, first_day + 7 * visit + 1 as day
    from patients, range({SESSIONS_PER_PATIENT}) as visits (visit)
    where hash(number, visit, 4) % 100 = 0
    union all
    select 'credential' as kind, number, 0 as place, 0 as day
    from range({CLINICS * PRACTITIONERS}) as practitioners (number)
)

select told.*, row_number() over (order by day, kind = 'credential' desc, number, place) - 1 as arrival
from told
"""

_ENVELOPE = """
select
    'benchmark' as origin_cluster_id,
    'clinic.' || clinic_id || '.events' as origin_topic,
    'benchmark-' || clinic_id as origin_topic_id,
    cast(0 as integer) as origin_partition,
    arrival as origin_offset,
    event_id,
    event_type,
    cast(1 as integer) as schema_version,
    clinic_id,
    happened_at as occurred_at,
    cast(0 as integer) as occurred_offset_min,
    happened_at + interval 1 hour as received_at,
    patient_id,
    cast(1 as integer) as key_version,
    cast([] as struct(code varchar, path varchar)[]) as flags,
    sha256(event_id) as content_hash,
    '2' as normaliser_version,
    data,
    facts,
    happened_at + interval 5 minute as recorded_at,
    '0123456789abcdef' as source_key,
    cast(1 as bigint) as source_epoch,
    arrival as source_sequence,
    supersedes,
    false as is_test,
    cast(null as varchar) as traceparent,
    cast(0 as integer) as landed_partition,
    arrival as landed_offset
from said
"""

_SEGMENT = (
    """
with chosen as (
    select
        happened.kind,
        happened.number,
        happened.place,
        happened.arrival,
        timestamptz '2021-01-01 09:00:00+00' + to_days(happened.day) + to_minutes(happened.arrival % 480)
            as happened_at,
        coalesce(patients.clinic_id, 'clinic-' || lpad(cast(happened.number // 6 as varchar), 3, '0')) as clinic_id,
        patients.patient_id,
        coalesce(patients.practitioner_id, 'PR-' || cast(happened.number % 6 as varchar)) as practitioner_id
    from happened
    left join patients on happened.number = patients.number and happened.kind <> 'credential'
    where happened.arrival between {first} and {last}
),

needled as (
    select
        *,
        if(
            kind in ('session', 'correction'),
            [
                {{
                    'point': points[one_of(hash(number, place % 10, needle), 20)],
                    'side': if(needle % 2 = 0, 'left', 'right'),
                    'depth_mm': 8 + hash(number, needle) % 18,
                    'gauge_mm': 0.25,
                    'stimulation': 'manual',
                    'de_qi': true,
                    'lot': 'L' || cast(number % 500 as varchar)
                }}
                for needle in range(7 + one_of(hash(number, place % 10), 5))
            ],
            []
        ) as needles
    from chosen, (select string_split('{points}', ' ') as points)
),

said as (
    select
        *,
        md5(kind || '-' || number || '-' || place) as event_id,
        if(kind = 'correction', md5('session-' || number || '-' || (place - 40)), null) as supersedes,
        case kind
            when 'session' then 'session.completed'
            when 'correction' then 'session.completed'
            when 'event' then 'adverse_event.reported'
            when 'score' then 'outcome.recorded'
            when 'assessment' then 'assessment.completed'
            when 'plan' then 'treatment_plan.created'
            when 'enrolment' then 'patient.enrolled'
            else 'practitioner.credential_recorded'
        end as event_type,
        case
            when kind in ('session', 'correction') then to_json({{
                'session_id': number || '-' || (place % 10),
                'practitioner_id': practitioner_id, 'plan_id': 'PL-' || number, 'needles': needles,
                'needles_inserted': len(needles), 'needles_removed': len(needles),
                'retention_min': 20 + hash(number) % 11, 'duration_min': 50,
                'techniques': [['moxibustion'], ['cupping_dry'], ['electroacupuncture'], []][one_of(number, 4)],
                'ae_screen_method': if(hash(number, 5) % 3 = 0, 'open_question', 'checklist')
            }})
            when kind = 'event' then to_json({{
                'term': ['haematoma_bruise', 'bleeding_minor', 'dizziness', 'fatigue'][one_of(number + place, 4)],
                'session_id': number || '-' || (place - 30), 'severity': 'mild', 'needle': 1 + hash(number) % 8
            }})
            when kind = 'score' then to_json({{
                'instrument': 'nrs_pain', 'value': 4 + hash(number) % 5 - if(place = 4, hash(number, 6) % 4, 0)
            }})
            when kind = 'assessment' then to_json({{
                'conditions': [
                    {{'code': ['migraine', 'low_back_pain', 'insomnia', 'knee_osteoarthritis'][one_of(number + 7, 4)]}}
                ],
                'patterns': [['SE91', 'SF01'], ['SE90'], []][one_of(number + 8, 3)], 'goals': ['pain']
            }})
            when kind = 'plan' then to_json({{
                'plan_id': 'PL-' || number, 'episode_id': 'EP-' || number, 'style': 'tcm', 'planned_sessions': 8,
                'sessions_per_week': 1
            }})
            when kind = 'enrolment' then to_json({{
                'birth_year': 1940 + hash(number) % 60, 'sex': if(hash(number, 9) % 3 = 0, 'male', 'female'),
                'already_in_care': false
            }})
            else to_json({{
                'practitioner_id': practitioner_id, 'credential': 'licence', 'issuer': 'board',
                'valid_from': '2015-01-01', 'practising_since_year': 2000 + number % 20
            }})
        end as data,
        case
            when kind in ('session', 'correction') then to_json({{
                'needles': [
                    {{
                        'point_code': needle.point, 'meridian': needle.point[1:2],
                        'region': ['hand', 'lower_leg', 'neck', 'lower_back'][one_of(hash(needle.point), 4)]
                    }}
                    for needle in needles
                ]
            }})
            when kind = 'credential' then to_json({{'credential_key': md5(number || 'credential')}})
            else '{{}}'
        end as facts
    from needled
)

"""
    + _ENVELOPE
)
