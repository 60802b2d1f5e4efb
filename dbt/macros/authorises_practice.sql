{#- Credentials that let somebody treat, where there is no law by a membership; a course or an insurance does not. A kind
    that is not in the vocabulary is taken for one: the clinic calls it a credential. -#}
{% macro authorises_practice(credential) -%}
    coalesce(
        {{ credential }} not in (
            'clean_needle_technique', 'degree', 'herbal_certificate', 'first_aid_certificate', 'liability_insurance'
        ),
        true
    )
{%- endmacro %}
