{#- An incremental build works out anew what the new segments touch, and leaves the rest as it stands:

    touched_events      events that landed, whatever they say
    touched_pseudonyms  patients whom these concern, over corrections, retractions and mergers
    touched_patients    these patients as they are called after all mergers, and those whose practitioners or lots are
                        no longer what they were

    The sets grow until the builder says that a build is done: a build that was killed is made good by the next. -#}
{% macro is_increment() -%}
    {{ return(var("is_increment")) }}
{%- endmacro %}


{#- A table's rows about touched events; all of them in a full build. -#}
{% macro of_touched_events(relation) -%}
    {%- if is_increment() -%}
    (select * from {{ relation }} semi join staging.touched_events using (clinic_id, event_id))
    {%- else -%}
    {{ relation }}
    {%- endif -%}
{%- endmacro %}


{#- A table's rows that were sent about touched patients, or about nobody; all of them in a full build. -#}
{% macro of_touched_pseudonyms(relation) -%}
    {%- if is_increment() -%}
    (
        select * from {{ relation }}
        where
            patient_id is null
            or (clinic_id, patient_id) in (select (clinic_id, pseudonym) from staging.touched_pseudonyms)
    )
    {%- else -%}
    {{ relation }}
    {%- endif -%}
{%- endmacro %}


{#- A core model's rows about touched patients; all of them in a full build. -#}
{% macro of_touched_patients(model) -%}
    {%- if is_increment() -%}
    (select * from {{ ref(model) }} semi join core.touched_patients using (clinic_id, patient_id))
    {%- else -%}
    {{ ref(model) }}
    {%- endif -%}
{%- endmacro %}


{#- The incremental strategy of all models that are worked out anew by what is touched. By the columns of the model's
    `unique_key`: what it deletes is what its query gives anew. -#}
{% macro get_incremental_touched_sql(arg_dict) -%}
    {%- set target, source, key = arg_dict["target_relation"], arg_dict["temp_relation"], arg_dict["unique_key"] -%}
    {%- set columns = arg_dict["dest_columns"] | map(attribute="quoted") | join(", ") -%}
    delete from {{ target }}
    where
        {%- if "is_refused" in key %}
        is_refused or (clinic_id, event_id) in (select (clinic_id, event_id) from staging.touched_events)
        {%- elif "stated_patient_id" in key %}
        stated_patient_id is null
        or (clinic_id, stated_patient_id) in (select (clinic_id, pseudonym) from staging.touched_pseudonyms)
        {%- elif "patient_id" in key %}
        (clinic_id, patient_id) in (select (clinic_id, patient_id) from core.touched_patients)
        {%- else %}
        (clinic_id, event_id) in (select (clinic_id, event_id) from staging.touched_events)
        {%- endif %};
    insert into {{ target }} ({{ columns }})
    select {{ columns }} from {{ source }}
{%- endmacro %}


{#- The strategy of models that read what events say: only those that landed anew can be read, the others stand as they
    were read, as long as they are accepted. An id may turn out to belong to an event of another type. -#}
{% macro get_incremental_read_anew_sql(arg_dict) -%}
    {%- set target, source = arg_dict["target_relation"], arg_dict["temp_relation"] -%}
    {%- set columns = arg_dict["dest_columns"] | map(attribute="quoted") | join(", ") -%}
    delete from {{ target }} as former
    using (
        select events.clinic_id, events.event_id
        from {{ landed_parquet(event_segments()) }} as landed
        inner join staging.stg_events as events
            using (origin_topic_id, origin_partition, origin_offset, landed_partition, landed_offset)
        union
        select clinic_id, event_id from staging.touched_events
        anti join staging.stg_events using (clinic_id, event_id)
    ) as gone
    where former.clinic_id = gone.clinic_id and former.event_id = gone.event_id;
    insert into {{ target }} ({{ columns }})
    select {{ columns }} from {{ source }}
{%- endmacro %}
