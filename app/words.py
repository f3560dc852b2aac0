"""The word cloud."""

import io
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from app.charts import Palette
from app.text import plain

WIDTH, HEIGHT = 900, 420
SEED = 7
# A system font with many scripts is used when there is one; the font of the wordcloud package has European letters.
FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
)


@cache
def _font() -> tuple[str, frozenset[int]]:
    """Path of the font, and the code points it can write."""
    from fontTools.ttLib import TTFont
    from wordcloud import wordcloud

    path = next((path for path in FONTS if Path(path).exists()), wordcloud.FONT_PATH)
    return path, frozenset(TTFont(path, fontNumber=0, lazy=True).getBestCmap())


def word_cloud(weights: Mapping[str, int], colours: Palette) -> bytes | None:
    """A PNG of 900 x 420 pixels, the same for the same words. Words that the font cannot write are left out; None without any."""
    from wordcloud import WordCloud

    font, letters = _font()
    shown = {word: weight for raw, weight in weights.items() if (word := plain(raw, 40).strip()) and letters.issuperset(map(ord, word))}
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
