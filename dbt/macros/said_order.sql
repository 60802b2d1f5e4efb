{#- The network's order of what a clinic says of one thing: by when its system recorded it, else by when it happened;
    then by the source's epoch and sequence, then by id. A text, for the order must be the same in whatever order
    events arrive, and `!` stands before any digit or point. -#}
{% macro said_order(said_at, epoch, sequence, event_id) -%}
    concat_ws(
        '!',
        cast({{ said_at }} as varchar),
        lpad(cast(greatest(coalesce({{ epoch }}, 0), 0) as varchar), 19, '0'),
        lpad(cast(greatest(coalesce({{ sequence }}, 0), 0) as varchar), 19, '0'),
        {{ event_id }}
    )
{%- endmacro %}
