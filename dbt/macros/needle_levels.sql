{#- Region, band of depth and band of diameter of a needle as one number of theirs in `exposure_levels`, and each of them
    from it again: there are fewer than eight bands. -#}
{% macro needle_levels(region, depth_band, gauge_band) -%}
    cast({{ region }} * 64 + {{ depth_band }} * 8 + {{ gauge_band }} as usmallint)
{%- endmacro %}


{% macro level_of_needle(levels, exposure) -%}
    {%- if exposure == "region" -%} {{ levels }} // 64
    {%- elif exposure == "depth_band" -%} {{ levels }} // 8 % 8
    {%- else -%} {{ levels }} % 8
    {%- endif -%}
{%- endmacro %}
