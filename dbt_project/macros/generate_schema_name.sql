{#- The dataset is exactly the name in dbt_project.yml, behind the prefix of a shared project; never the target's schema. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ env_var('PULSE_DATASET_PREFIX', '') }}{{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
