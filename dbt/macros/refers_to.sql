{#- The columns together name a row of the other table. -#}
{% test refers_to(model, columns, to) -%}
select {{ columns | join(", ") }}
from {{ model }}
anti join {{ to }} using ({{ columns | join(", ") }})
{% endtest %}
