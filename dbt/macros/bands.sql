{#- The bands by which numbers become strata, each here and nowhere else. A number that is not known, or cannot be, is
    `not_recorded`. -#}

{#- Textbook depths lie between 0.3 and 2 cun, a cun being 20 to 25 mm; over the lung the pleura may lie 15 mm deep. -#}
{% macro depth_band(depth_mm) -%}
    case
        when {{ depth_mm }} is null then 'not_recorded'
        when {{ depth_mm }} < 5 then 'under_5_mm'
        when {{ depth_mm }} < 10 then '5_to_10_mm'
        when {{ depth_mm }} < 15 then '10_to_15_mm'
        when {{ depth_mm }} < 25 then '15_to_25_mm'
        when {{ depth_mm }} < 40 then '25_to_40_mm'
        else '40_mm_and_more'
    end
{%- endmacro %}


{% macro depth_bands() -%}
    [
        'under_5_mm', '5_to_10_mm', '10_to_15_mm', '15_to_25_mm', '25_to_40_mm', '40_mm_and_more', 'not_recorded'
    ]
{%- endmacro %}


{#- Most needles are 0.20 to 0.30 mm thick. -#}
{% macro gauge_band(gauge_mm) -%}
    case
        when {{ gauge_mm }} is null then 'not_recorded'
        when {{ gauge_mm }} < 0.20 then 'under_0.20_mm'
        when {{ gauge_mm }} < 0.25 then '0.20_to_0.25_mm'
        when {{ gauge_mm }} < 0.30 then '0.25_to_0.30_mm'
        when {{ gauge_mm }} < 0.40 then '0.30_to_0.40_mm'
        else '0.40_mm_and_more'
    end
{%- endmacro %}


{% macro gauge_bands() -%}
    [
        'under_0.20_mm', '0.20_to_0.25_mm', '0.25_to_0.30_mm', '0.30_to_0.40_mm', '0.40_mm_and_more', 'not_recorded'
    ]
{%- endmacro %}


{#- MacPherson and Thomas 2005 found more reactions with practitioners of less than two years. -#}
{% macro experience_band(experience_years) -%}
    case
        when {{ experience_years }} between 0 and 1 then 'under_2_years'
        when {{ experience_years }} between 2 and 4 then '2_to_4_years'
        when {{ experience_years }} between 5 and 9 then '5_to_9_years'
        when {{ experience_years }} between 10 and 19 then '10_to_19_years'
        when {{ experience_years }} between 20 and 80 then '20_years_and_more'
        else 'not_recorded'
    end
{%- endmacro %}


{#- And more in patients under 40. -#}
{% macro age_band(age_years) -%}
    case
        when {{ age_years }} between 0 and 17 then 'under_18'
        when {{ age_years }} between 18 and 39 then '18_to_39'
        when {{ age_years }} between 40 and 64 then '40_to_64'
        when {{ age_years }} between 65 and 130 then '65_and_over'
        else 'age_not_recorded'
    end
{%- endmacro %}


{#- When an event began, counted from the beginning of the session; `during` it by how long it took. -#}
{% macro onset_band(onset_hours, session_hours) -%}
    case
        when {{ onset_hours }} is null then 'not_recorded'
        when {{ onset_hours }} < 0 then 'before_session'
        when {{ onset_hours }} <= {{ session_hours }} then 'during'
        when {{ onset_hours }} < 1 then '0_to_1_hours'
        when {{ onset_hours }} < 24 then '1_to_24_hours'
        when {{ onset_hours }} < 72 then '1_to_3_days'
        when {{ onset_hours }} < 168 then '3_to_7_days'
        else 'later'
    end
{%- endmacro %}


{#- Whether adverse events were asked for, in a word. -#}
{% macro asking(ae_asked) -%}
    case when {{ ae_asked }} then 'asked' when {{ ae_asked }} is null then 'not_recorded' else 'not_asked' end
{%- endmacro %}
