{#-
  Text rules, each a macro with its contract in one line; each has a unit test in models/intermediate/_text__unit_tests.yml.
  Patterns are RE2. A pattern that extracts has no capturing group: the local server answers `\p{..}` and a group wrongly.
  `(keep)|drop` with `\1` stands for the lookbehind that RE2 lacks.
-#}

{#- Emoji that people see as one even without U+FE0F (Unicode's Emoji=Yes, what X draws in colour). -#}
{% macro _pictures() -%}
\x{231A}\x{231B}\x{23E9}-\x{23F3}\x{23F8}-\x{23FA}\x{25FD}\x{25FE}\x{2600}-\x{2604}\x{260E}\x{2611}\x{2614}\x{2615}\x{2618}\x{261D}\x{2620}\x{2622}\x{2623}\x{2626}\x{262A}\x{262E}\x{262F}\x{2638}-\x{263A}\x{2640}\x{2642}\x{2648}-\x{2653}\x{265F}\x{2660}\x{2663}\x{2665}\x{2666}\x{2668}\x{267B}\x{267E}\x{267F}\x{2692}-\x{2697}\x{2699}\x{269B}\x{269C}\x{26A0}\x{26A1}\x{26A7}\x{26AA}\x{26AB}\x{26B0}\x{26B1}\x{26BD}\x{26BE}\x{26C4}\x{26C5}\x{26C8}\x{26CE}\x{26CF}\x{26D1}\x{26D3}\x{26D4}\x{26E9}\x{26EA}\x{26F0}-\x{26F5}\x{26F7}-\x{26FA}\x{26FD}\x{2702}\x{2705}\x{2708}-\x{270D}\x{270F}\x{2712}\x{2714}\x{2716}\x{271D}\x{2721}\x{2728}\x{2733}\x{2734}\x{2744}\x{2747}\x{274C}\x{274E}\x{2753}-\x{2755}\x{2757}\x{2763}\x{2764}\x{2795}-\x{2797}\x{27B0}\x{27BF}\x{2B1B}\x{2B1C}\x{2B50}\x{2B55}\x{1F004}\x{1F0CF}\x{1F170}\x{1F171}\x{1F17E}\x{1F17F}\x{1F18E}\x{1F191}-\x{1F19A}\x{1F201}\x{1F202}\x{1F21A}\x{1F22F}\x{1F232}-\x{1F23A}\x{1F250}\x{1F251}\x{1F300}-\x{1F64F}\x{1F680}-\x{1F6FF}\x{1F7E0}-\x{1F7F0}\x{1F90C}-\x{1F9FF}\x{1FA70}-\x{1FAFF}
{%- endmacro %}

{#- Signs that are text, and an emoji only with U+FE0F behind them. -#}
{% macro _signs() -%}
\x{A9}\x{AE}\x{203C}\x{2049}\x{2122}\x{2139}\x{2194}-\x{2199}\x{21A9}\x{21AA}\x{2328}\x{23CF}\x{24C2}\x{25AA}\x{25AB}\x{25B6}\x{25C0}\x{25FB}\x{25FC}\x{27A1}\x{2934}\x{2935}\x{2B05}-\x{2B07}\x{3030}\x{303D}\x{3297}\x{3299}
{%- endmacro %}

{#- One picture with its skin tones, and what joiners add to it. -#}
{% macro _picture_sequence(least) -%}
(?:[{{ _pictures() }}][\x{FE0F}\x{1F3FB}-\x{1F3FF}]*|[{{ _signs() }}]\x{FE0F})(?:\x{200D}[{{ _pictures() }}{{ _signs() }}][\x{FE0F}\x{1F3FB}-\x{1F3FF}]*){{ least }}
{%- endmacro %}

{#- Flags of regions and of countries, keycaps, pictures. -#}
{% macro _emoji() -%}
\x{1F3F4}[\x{E0020}-\x{E007E}]+\x{E007F}|[\x{1F1E6}-\x{1F1FF}][\x{1F1E6}-\x{1F1FF}]|[0-9#*]\x{FE0F}?\x{20E3}|{{ _picture_sequence('*') }}
{%- endmacro %}

{#- Scripts written without spaces between words. -#}
{% macro _spaceless() -%}
\p{Han}\p{Hiragana}\p{Katakana}々ー\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}
{%- endmacro %}

{#-
  HTML entities decoded once (`&amp;lt;` becomes `&lt;`): the usual names, decimal and hexadecimal numbers as browsers read them (128
  to 159 are Windows-1252's, an impossible one is U+FFFD). Numbers go by way of a JSON text: the local server lacks CHR of an INT64.
-#}
{% macro decoded_entities(text) -%}
{%- set names =
    'amp AMP lt LT gt GT quot QUOT apos nbsp hellip lsquo rsquo ldquo rdquo laquo raquo ndash '
    ~ 'mdash bull middot copy reg trade deg euro pound yen cent times iexcl iquest agrave aacute acirc atilde '
    ~ 'auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml ntilde ograve oacute ocirc otilde ouml '
    ~ 'oslash ugrave uacute ucirc uuml szlig Auml Eacute Ntilde Ouml Oslash Uuml '
-%}
{%- set padded -%}{% for name in names.split() %}&{{ name }};{{ '      '[name | length:] }}{% endfor %}{%- endset -%}
{%- set characters = '&&<<>>""\\\' …‘’“”«»–—•·©®™°€£¥¢×¡¿àáâãäåæçèéêëìíîïñòóôõöøùúûüßÄÉÑÖØÜ' -%}
{#- An unknown name, and every stretch between two `&`, is a piece of its own and stays as it is. -#}
if(
    regexp_contains({{ text }}, r'&(?:[A-Za-z]+|#[0-9]+|#[xX][0-9A-Fa-f]+);'),
    (
        select string_agg(
            case
                -- Names of equal width: where one stands tells which character it is.
                when name_end > 7 then substr('{{ characters }}', div(name_end, 8), 1)
                when code is null then piece
                when code between 128 and 159 then substr('€�‚ƒ„…†‡ˆ‰Š‹Œ�Ž��‘’“”•–—˜™š›œ�žŸ', code - 127, 1)
                when code < 9 or code between 55296 and 57343 or code > 1114111 then '�'
                when code < 65536 then json_value(concat(r'"\u', format('%04x', code), '"'))
                else json_value(concat(
                    r'"\u', format('%04x', 55232 + div(code, 1024)), r'\u', format('%04x', 56320 + mod(code, 1024)), '"'
                ))
            end, '' order by piece_place
        )
        from (
            select
                piece,
                piece_offset as piece_place,
                -- Summed here: the local server forgets the brackets of a sum inside DIV.
                strpos('{{ padded }}', if(regexp_contains(piece, r'^&[A-Za-z]{2,6};$'), piece, '-')) + 7 as name_end,
                safe_cast(
                    if(
                        regexp_contains(piece, r'^&#[xX][0-9A-Fa-f]{1,6};$'),
                        concat('0x', regexp_extract(piece, r'[0-9A-Fa-f]+')),
                        regexp_extract(piece, r'^&#([0-9]{1,7});$')
                    ) as int64
                ) as code
            from unnest(
                regexp_extract_all({{ text }}, r'&[A-Za-z]+;|&#[0-9]+;|&#[xX][0-9A-Fa-f]+;|[^&]+|&')
            ) as piece with offset as piece_offset
        ) as pieces
    ),
    {{ text }}
)
{%- endmacro %}

{#- Control, bidi and zero-width characters go; joiners stay inside an emoji and behind a letter of a script that needs them. -#}
{% macro without_controls(text) -%}
regexp_replace(
    {{ text }},
    r'(\x{1F3F4}[\x{E0020}-\x{E007E}]+\x{E007F}|{{ _picture_sequence('+') }}|[\p{Arabic}\p{Syriac}\p{Nko}\p{Mongolian}\p{Devanagari}\p{Bengali}\p{Gurmukhi}\p{Gujarati}\p{Oriya}\p{Tamil}\p{Telugu}\p{Kannada}\p{Malayalam}\p{Sinhala}\p{Khmer}\p{Myanmar}\p{Tibetan}][\x{200C}\x{200D}])|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x{80}-\x{84}\x{86}-\x{9f}\x{ad}\x{61c}\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2060}-\x{206f}\x{feff}\x{fff9}-\x{fffb}\x{E0000}-\x{E007F}]',
    r'\1'
)
{%- endmacro %}

{#- What a reader sees, links and handles included: entities decoded, controls gone, NFC. Never markup: escape it to show it. -#}
{% macro shown_text(text) -%}
normalize({{ without_controls(decoded_entities(text)) }}, nfc)
{%- endmacro %}

{#- True for a repost that X cut at 140 characters, and for a text that ends in `… https://t.co/..` at the length where X cuts. -#}
{% macro is_cut(text) -%}
(
    regexp_contains({{ text }}, r'^RT [@＠][A-Za-z0-9_]+:[\s\S]*…\s*$')
    or (char_length({{ text }}) >= 130 and regexp_contains({{ text }}, r'…\s*https?://t\.co/[A-Za-z0-9]*…?\s*$'))
)
{%- endmacro %}

{#- A cut text without the word that was cut; a character of a script without spaces is never cut. -#}
{% macro without_cut_word(text) -%}
regexp_replace({{ text }}, r'[^\s…{{ _spaceless() }}]*…(?:\s*https?://t\.co/[A-Za-z0-9]*…?)?\s*$', '…')
{%- endmacro %}

{#- Links with and without protocol, and e-mail addresses, replaced by `instead`; a link ends where the script changes to CJK. -#}
{% macro without_links(text, instead=' ') -%}
regexp_replace(
    {{ text }},
    r'(?i)https?://t\.co/[a-z0-9]+…?|https?://[^\s\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}“”«»<>。、]+|https?:/{0,2}…|\b(?:www\.|pic\.(?:twitter|x)\.com/|t\.co/)[!-~]+…?|[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+',
    '{{ instead }}'
)
{%- endmacro %}

{#- The mark of a repost and handles replaced by `instead`: `@` or `＠`, not inside a word. -#}
{% macro without_handles(text, instead=' ') -%}
regexp_replace(
    regexp_replace({{ text }}, r'(?:^|\b)RT\s+[@＠][A-Za-z0-9_]+:?', '{{ instead }}'),
    r'(^|[^A-Za-z0-9_@＠])[@＠][A-Za-z0-9_]+', r'\1{{ instead }}'
)
{%- endmacro %}

{#- Hashtags as words: their sign, full-width too, replaced by `instead`; the sign of a keycap stays. -#}
{% macro hashtags_as_words(text, instead=' ') -%}
regexp_replace({{ text }}, r'(#\x{FE0F}?\x{20E3})|[#＃]', r'{{ instead }}\1')
{%- endmacro %}

{#- Hashtags gone, name and all; where a sign is no hashtag's (in a word, before a mere number) only the sign goes. -#}
{% macro without_hashtags(text) -%}
{{ hashtags_as_words("regexp_replace(" ~ text ~ ", r'(^|[^\\p{L}\\p{M}\\p{Nd}_&])[#＃][\\p{Nd}_]*\\p{L}[\\p{L}\\p{M}\\p{Nd}_\\x{200C}\\x{200D}・·]*', r'\\1 ')") }}
{%- endmacro %}

{#- Without whitespace at the ends, Unicode's included; NULL when nothing is left. TRIM without characters differs between engines. -#}
{% macro trimmed(text) -%}
nullif(regexp_replace({{ text }}, r'^[\s\x{85}\p{Z}]+|[\s\x{85}\p{Z}]+$', ''), '')
{%- endmacro %}

{#- Runs of whitespace, Unicode's included, as one space and none at the ends; NULL when nothing is left. -#}
{% macro collapsed(text) -%}
nullif(trim(regexp_replace({{ text }}, r'[\s\x{85}\p{Z}]+', ' '), ' '), '')
{%- endmacro %}

{#- Every emoji in order, repeats included, a whole sequence (family, skin tone, flag, keycap) as one; none that asks for text (U+FE0E). -#}
{% macro emojis_of(text) -%}
regexp_extract_all(regexp_replace({{ text }}, r'[{{ _pictures() }}{{ _signs() }}0-9#*]\x{FE0E}', ' '), r'{{ _emoji() }}')
{%- endmacro %}

{#- Every emoji, and the signs of trade marks, replaced by `instead`. -#}
{% macro without_emoji(text, instead=' ') -%}
regexp_replace({{ text }}, r'{{ _emoji() }}|[™®©℠]', '{{ instead }}')
{%- endmacro %}

{#- What two texts are compared by: letters and digits of a cleaned text, NFKC and case-folded; no emoji, apostrophe or punctuation. NULL when nothing is left. -#}
{% macro compared_text(text_clean) -%}
nullif(trim(regexp_replace(
    regexp_replace(normalize_and_casefold({{ without_emoji(text_clean) }}, nfkc), r"['’ʼ`´\x{200C}\x{200D}\x{FE00}-\x{FE0F}]", ''),
    r'[^\p{L}\p{M}\p{N}]+', ' '
), ' '), '')
{%- endmacro %}

{#- Language as ISO 639 says it: the main part in lower case, old codes renewed; NULL for X's pseudo codes and anything that is no code. -#}
{% macro language_of(lang) -%}
{%- set main = "lower(regexp_extract(" ~ lang ~ ", r'^\\s*([A-Za-z]{2,3})(?:[-_]|\\s*$)'))" -%}
case {{ main }}
    {%- for old, new in {'iw': 'he', 'in': 'id', 'ji': 'yi', 'jw': 'jv', 'msa': 'ms', 'fil': 'tl', 'nb': 'no', 'nn': 'no'}.items() %}
    when '{{ old }}' then '{{ new }}'
    {%- endfor %}
    else if(regexp_contains({{ main }}, r'^(?:und|zxx|mul|mis|art|q[a-t][a-z])$'), null, {{ main }})
end
{%- endmacro %}

{#- Tokens of a shown text in order: `|` wherever neighbours end, else words; runs of Han, Katakana and Hiragana are apart. -#}
{% macro tokens_of(text) -%}
regexp_extract_all(
    regexp_replace(
        regexp_replace(
            lower(normalize(
                {{ hashtags_as_words(without_handles(without_links(without_emoji(text, ' | '), ' | '), ' | '), ' | ') }}, nfkc
            )),
            r'[,.!?;:]+(?:\s|$)|[。、"“”«»(){}<>\[\]/•–—…\n]+', ' | '
        ),
        r'([\p{Han}々]+|[\p{Katakana}ー]+|\p{Hiragana}+)', r' \1 '
    ),
    r"[|]|[\p{L}\p{N}_][\p{L}\p{M}\p{N}_'’\x{200C}\x{200D}]*"
)
{%- endmacro %}

{#- What texts are likened by: words, and single characters where a script has no spaces. -#}
{% macro likened_tokens(compared) -%}
regexp_extract_all(regexp_replace({{ compared }}, r'([{{ _spaceless() }}]\p{M}*)', r' \1 '), r'[^ ]+')
{%- endmacro %}
