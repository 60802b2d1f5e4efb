{#- Serious in the sense of ICH E2A, by what was said last: called so, meeting a criterion, of CTCAE grade 4 or 5, or of a
    term that is serious by nature. -#}
{% macro is_serious() -%}
    (
        coalesce(linked.says_serious, false)
        or coalesce(len(linked.seriousness_criteria), 0) > 0
        or coalesce(cast(terms.serious_by_nature as boolean), false)
        or coalesce(severities.ctcae_grade >= 4, false)
    )
{%- endmacro %}
