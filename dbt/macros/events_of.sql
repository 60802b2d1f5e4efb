{#- Accepted events of these types with what they say and what is certain of it, read from the segments, where an event is
    what landed last. In an incremental build those that landed since the last one. -#}
{% macro events_of(types) -%}
(
    select
        events.clinic_id,
        events.event_id,
        events.event_type,
        events.local_date,
        events.month,
        try_cast(landed.data as json) as data,
        try_cast(landed.facts as json) as facts
    from {{ landed_parquet(event_segments()) }} as landed
    inner join {{ ref("stg_events") }} as events
        using (origin_topic_id, origin_partition, origin_offset, landed_partition, landed_offset)
    where landed.event_type in ({% for type in types %}'{{ type }}'{{ ", " if not loop.last }}{% endfor %})
)
{%- endmacro %}
