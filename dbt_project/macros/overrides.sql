{#-
  insert_overwrite replaces a range instead of a list of partitions: one atomic statement, literals that BigQuery can prune by,
  and an hour inside a DAY partition leaves the other hours of the day alone.
-#}
{% macro bq_insert_overwrite_sql(
    tmp_relation, target_relation, sql, unique_key, partition_by, partitions, dest_columns, tmp_relation_exists, copy_partitions
) %}
    {%- set source_sql -%}(
    {{ sql }}
    ){%- endset -%}
    {{ get_insert_overwrite_merge_sql(target_relation, source_sql, dest_columns, [overwritten(partition_by)], include_sql_header=true) }}
{% endmacro %}

{#- A test reads what the run wrote, not all of history: `where: __window__` or `where: __days__` in its config. -#}
{% macro get_where_subquery(relation) -%}
    {%- set where = config.get('where') -%}
    {%- if not where -%}{{ return(relation) }}{%- endif -%}
    {%- if where.startswith('__window__:') -%}{%- set where = in_window(where.split(':')[1]) -%}{%- endif -%}
    {%- if where.startswith('__days__:') -%}{%- set where = in_days(where.split(':')[1]) -%}{%- endif -%}
    {{ return('(select * from ' ~ relation ~ ' where ' ~ where ~ ') as dbt_subquery') }}
{%- endmacro %}
