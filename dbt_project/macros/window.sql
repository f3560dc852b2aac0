{#-
  The run's window, half-open in UTC, from PULSE_WINDOW_START and PULSE_WINDOW_END. Read when a statement is built and not
  when the project is parsed, so that a new hour needs no new parse (3.5 s against 1.7 s).

  A run writes [start - 1 h, end): a post can be edited for 30 minutes, and its later version takes the earlier one's place,
  in the hour before where need be. Shorter leaves both; longer only costs.
-#}

{% macro _edge(name) -%}
    {%- if not execute -%}{{ return(modules.datetime.datetime(2000, 1, 1)) }}{%- endif -%}
    {%- set given = env_var('PULSE_WINDOW_' ~ name, '') -%}
    {%- if not given -%}
        {{ exceptions.raise_compiler_error('PULSE_WINDOW_START and PULSE_WINDOW_END must say which hours to build, e.g. 2026-03-02T05:00:00Z') }}
    {%- endif -%}
    {{ return(modules.datetime.datetime.strptime(given, '%Y-%m-%dT%H:%M:%SZ')) }}
{%- endmacro %}

{% macro _hours(number) -%}
    {{ return(modules.datetime.timedelta(hours=number)) }}
{%- endmacro %}

{% macro _timestamp(moment) -%}
    {{ return("timestamp '" ~ moment.strftime('%Y-%m-%d %H:%M:%S') ~ "+00'") }}
{%- endmacro %}

{% macro _day(moment) -%}
    {{ return("date '" ~ moment.strftime('%Y-%m-%d') ~ "'") }}
{%- endmacro %}

{#- Rows that this run writes, by a TIMESTAMP column; `pad` hours more on both sides for what it must read. -#}
{% macro in_window(column, pad=0) -%}
    {{ column }} >= {{ _timestamp(_edge('START') - _hours(1 + pad)) }}
    and {{ column }} < {{ _timestamp(_edge('END') + _hours(pad)) }}
{%- endmacro %}

{#- Days that this run writes, whole, by a DATE column in the campaign's zone: zones reach from UTC-12 to UTC+14. -#}
{% macro in_days(column) -%}
    {{ column }} >= {{ _day(_edge('START') - _hours(13)) }}
    and {{ column }} <= {{ _day(_edge('END') + _hours(14)) }}
{%- endmacro %}

{#- Every hour of those days, by a TIMESTAMP column. -#}
{% macro in_hours_of_days(column) -%}
    {%- set first = (_edge('START') - _hours(13)).replace(hour=0, minute=0, second=0) -%}
    {%- set last = (_edge('END') + _hours(14)).replace(hour=0, minute=0, second=0) -%}
    {{ column }} >= {{ _timestamp(first - _hours(14)) }}
    and {{ column }} < {{ _timestamp(last + _hours(36)) }}
{%- endmacro %}

{#- All of history, for tables that are read whole: a partitioned table answers nobody who names no partitions. -#}
{% macro ever(column) -%}
    {{ column }} >= date '2006-03-21'
{%- endmacro %}

{#- The part of the target that a run overwrites: the same range as its SELECT, so nothing outside is touched. -#}
{% macro overwritten(partition_by) -%}
    {%- set column = 'DBT_INTERNAL_DEST.' ~ partition_by.field -%}
    {%- if partition_by.data_type == 'date' -%}{{ in_days(column) }}{%- else -%}{{ in_window(column) }}{%- endif -%}
{%- endmacro %}
