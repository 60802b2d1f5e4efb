{#- The moment that a release speaks of, as a timestamp in UTC. -#}
{% macro as_of() -%}
    (timestamptz '{{ var("as_of") }}' at time zone 'UTC')
{%- endmacro %}


{#- A UTC timestamp as the clinic's wall clock shows it: by the zone that the registry knows, else by the offset that
    the event itself brought. A clinic registered with plain UTC has not said where it is. -#}
{% macro clinic_local_time(utc_timestamp, time_zone, offset_minutes) -%}
    least(
        greatest(
            case
                when {{ time_zone }} is not null
                    then ({{ utc_timestamp }} at time zone 'UTC') at time zone {{ time_zone }}
                else {{ utc_timestamp }} + to_minutes(coalesce({{ offset_minutes }}, 0))
            end,
            timestamp '0001-01-01 00:00:00'
        ),
        timestamp '9999-12-31 23:59:59'
    )
{%- endmacro %}


{% macro month_of(local_date) -%}
    cast(date_trunc('month', {{ local_date }}) as date)
{%- endmacro %}
