"""The word cloud."""

from collections.abc import Mapping
from pathlib import Path

from app.charts import Palette
from app.text import plain

WIDTH, HEIGHT = 900, 420
SEED = 7
# The package's own font has Latin letters only; a system font with more scripts is used when there is one.
FONTS = (
    "/usr/share/fonts/truetype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
)


def word_cloud(weights: Mapping[str, int], colours: Palette, *, dark: bool) -> bytes | None:
    """A PNG of 900 x 420 pixels, the same for the same words; None when there is no word that the font can write."""
    import io

    from wordcloud import WordCloud

    font = next((path for path in FONTS if Path(path).exists()), None)
    shown = {word: weight for raw, weight in weights.items() if (word := plain(raw, 40).strip()) and (font or word.isascii() or _is_latin(word))}
    if not shown:
        return None
    cloud = WordCloud(
        width=WIDTH,
        height=HEIGHT,
        mode="RGBA",
        background_color=None,
        font_path=font,
        color_func=lambda word, font_size, **_: colours.peak if font_size > 40 else colours.text if font_size > 22 else "#8a97a5",
        random_state=SEED,
        prefer_horizontal=1.0,
        max_words=90,
        max_font_size=110,
        relative_scaling=0.5,
    ).generate_from_frequencies(shown)
    png = io.BytesIO()
    cloud.to_image().save(png, format="PNG")
    return png.getvalue()


def _is_latin(word: str) -> bool:
    return all(ord(character) < 0x250 for character in word)
