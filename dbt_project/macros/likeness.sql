{#-
  MinHash with bands (Broder 1997; Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, 3.4). Two texts agree in one place of
  their signatures as often as their sets of neighbouring words agree (Jaccard), in a band of 3 places that share cubed. Those that
  share 2 of 8 bands are near: 0.97 of pairs of likeness 0.8, 0.82 at 0.7, 0.54 at 0.6, 0.26 at 0.5, 0.02 at 0.3. One word changed in
  the middle of 12 is 0.69. Only integers below 2^62 on MD5: the same on every engine.
-#}
{% macro _bands() -%}{{ return(8) }}{%- endmacro %}
{% macro shared_bands_when_near() -%}{{ return(2) }}{%- endmacro %}

{#- Half of MD5's first 32 bits, below the prime 2^31 - 1 but for one value in two thousand million. -#}
{% macro shingle_hash(shingle) -%}
mod(cast(concat('0x', substr(to_hex(md5({{ shingle }})), 1, 8)) as int64), 2147483647)
{%- endmacro %}

{#- The smallest of a group's hashes after the permutation `place`: x -> factor * x + shift modulo 2^31 - 1, fixed by MD5 of the place. -#}
{% macro _smallest(hash, place) -%}
min(mod({{ hash }} * {{ (local_md5('factor ' ~ place)[:8] | int(base=16)) % 2147483646 + 1 }} + {{ (local_md5('shift ' ~ place)[:8] | int(base=16)) % 2147483647 }}, 2147483647))
{%- endmacro %}

{#- The bands of a group of shingle hashes as ARRAY<INT64>, 3 places a band. -#}
{% macro minhash_bands(hash) -%}
[
    {%- for band in range(_bands()) %}
    mod({{ _smallest(hash, 3 * band) }} * 536870923 + {{ _smallest(hash, 3 * band + 1) }} * 1048583 + {{ _smallest(hash, 3 * band + 2) }}, 2147483647){{ ',' if not loop.last }}
    {%- endfor %}
]
{%- endmacro %}
