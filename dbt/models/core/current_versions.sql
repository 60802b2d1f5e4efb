{{ config(materialized="view") }}
-- What counts of all that was said. In an incremental build whoever reads this runs after touched patients are known.
-- depends_on: {{ ref("touched_patients") }}
select * from {{ ref("event_versions") }}
where status = 'current'
