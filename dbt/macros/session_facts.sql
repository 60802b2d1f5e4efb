{#- When a session began: as stated, else as long before the event's own time, which may be its end, as it took. -#}
{% macro session_beginning(session) -%}
    coalesce(
        {{ session }}.started_at,
        {{ session }}.occurred_at
        - to_minutes(cast(ceil(coalesce({{ session }}.duration_min, {{ session }}.retention_min, 0)) as bigint))
    )
{%- endmacro %}


{#- Whether adverse events were asked for: by the method, else by the plain yes or no; NULL when neither is recorded. -#}
{% macro ae_asked(method, screened) -%}
    case
        when {{ method }} in ('checklist', 'open_question') then true
        when {{ method }} in ('spontaneous', 'not_asked') then false
        else {{ screened }}
    end
{%- endmacro %}


{% macro uses_current(session) -%}
    coalesce(len({{ session }}.electrostimulation), 0) > 0
    or coalesce(list_has_any({{ session }}.techniques, ['electroacupuncture', 'tens']), false)
    or coalesce(list_contains(list_transform({{ session }}.needles, lambda one: one.stimulation), 'electrical'), false)
{%- endmacro %}


{#- What was done, each once: as the session names it, or as its own lists show. -#}
{% macro session_techniques(session) -%}
    list_sort(list_distinct(list_filter(
        list_concat(
            coalesce({{ session }}.techniques, []),
            [
                if(len({{ session }}.needles) > 0 or try_cast({{ session }}.needles_inserted as integer) > 0, 'needling', null),
                if(len({{ session }}.electrostimulation) > 0, 'electroacupuncture', null),
                if(len({{ session }}.moxibustion) > 0, 'moxibustion', null),
                if(len({{ session }}.guasha) > 0, 'guasha', null),
                if(len({{ session }}.auricular) > 0, 'auricular', null)
            ],
            list_transform(coalesce({{ session }}.cupping, []), lambda one: 'cupping_' || one.kind)
        ),
        lambda technique: technique is not null
    )))
{%- endmacro %}
