{#- Serious in the sense of ICH E2A, by what is said: called so, meeting a criterion, of CTCAE grade 4 or 5, or of a term
    that is serious by nature. `said` is joined to the vocabularies `terms` and `severities`. -#}
{% macro is_serious(said) -%}
    (
        coalesce({{ said }}.says_serious, false)
        or coalesce(len({{ said }}.seriousness_criteria), 0) > 0
        or coalesce(cast(terms.serious_by_nature as boolean), false)
        or coalesce(severities.ctcae_grade >= 4, false)
    )
{%- endmacro %}
