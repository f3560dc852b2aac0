"""What a reader does: looks, chooses, follows, prints, takes a file, sends the address on."""

import csv
import re

import pytest

from bench.site_process import settle
from tests.e2e.conftest import words_of

ALL = ("", "engagement", "sentiment", "topics", "news", "posts", "compare", "report", "method", "admin")


def test_the_first_screen_says_how_the_campaign_is_doing(open_page):
    page = open_page()
    words = words_of(page)
    assert "Aurora Trail had its day of most engagement on Thu 5 Mar 2026: 158,741" in words
    for part in ("29,846", "456,634", "Engagement over time", "Coverage 98.0%", "Data to 17 Mar 2026"):
        assert part in words
    assert "could not be shown" not in words and page.errors == []


def test_the_charts_are_said_in_words_from_the_data(open_page):
    page = open_page()
    page.wait_for_selector('[data-testid="stMain"] [aria-label*="Engagement per day of Whole campaign"], [data-testid="stMain"] [alt*="Engagement per day"]', state="attached")
    assert "most on Thu 5 Mar 2026: 158,741" in page.content()


@pytest.mark.full
@pytest.mark.parametrize("name", ALL)
def test_no_page_asks_anybody_but_its_own_server_or_scrolls_sideways_on_a_phone(open_page, address, name):
    page = open_page(f"/{name}", width=390)
    page.wait_for_timeout(800)
    own = (address, "data:", "blob:", address.replace("http", "ws"))
    assert [url for url in page.requested if not url.startswith(own)] == []
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.said == [] and "could not be shown" not in words_of(page)


def test_a_choice_stands_in_the_address_and_the_address_brings_the_same_page(open_page, address):
    page = open_page()
    page.get_by_role("combobox", name="Hashtag").click()
    page.get_by_role("option", name="#aurorarecall").click()
    page.wait_for_selector("text=#aurorarecall had its day")
    page.locator('[data-testid="stButtonGroup"]').get_by_text("7 d", exact=True).click()
    page.wait_for_selector("text=10 – 16 Mar 2026 (7 days)")
    settle(page)
    assert "hashtag=%23aurorarecall" in page.url and "from=2026-03-10" in page.url
    other = open_page(page.url.removeprefix(address))
    assert words_of(other) == words_of(page)


def test_the_choice_goes_along_to_the_other_pages_and_back(open_page):
    page = open_page("/?from=2026-03-10")
    page.get_by_role("link", name="Sentiment").click()
    page.wait_for_selector('h1:has-text("Sentiment")')
    settle(page)
    assert "10 – 16 Mar 2026 (7 days)" in words_of(page) and "from=2026-03-10" in page.url
    page.go_back()
    page.wait_for_selector('h1:has-text("Overview")')
    settle(page)
    assert "10 – 16 Mar 2026 (7 days)" in words_of(page)
    page.go_forward()
    page.wait_for_selector('h1:has-text("Sentiment")')
    settle(page)
    assert "10 – 16 Mar 2026 (7 days)" in words_of(page)


def test_a_table_stands_for_each_chart_and_its_file_says_what_it_is(open_page, tmp_path):
    page = open_page("/engagement?from=2026-03-10")
    page.locator('[data-testid="stButtonGroup"]').get_by_text("Table", exact=True).first.click()
    page.wait_for_selector('[data-testid="stDataFrame"]')
    with page.expect_download() as waiting:
        page.get_by_role("button", name="CSV").first.click()
    file = tmp_path / "figures.csv"
    waiting.value.save_as(file)
    rows = list(csv.reader(file.open(newline="", encoding="utf-8")))
    told = [row[0] for row in rows if row[0].startswith("# ")]
    for fact in ("# campaign: sample", "# hashtag: Whole campaign", "# period: 2026-03-10 to 2026-03-16; both included; days in America/New_York", "# last run: "):
        assert any(line.startswith(fact) for line in told), fact
    table = rows[len(told) :]
    assert table[0][:2] == ["day", "engagement"] and [row[0] for row in table[1:]] == [f"2026-03-{day}" for day in range(10, 17)]


def test_a_chosen_word_filters_the_posts(open_page):
    page = open_page("/topics?word=recall")
    assert page.get_by_role("combobox", name="Word").input_value() == "recall"
    assert "original posts with the chosen word" in words_of(page)


def test_the_keyboard_reaches_the_pages_and_the_filters(open_page):
    page = open_page()
    reached = []
    for _ in range(30):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("(document.activeElement.getAttribute('aria-label') || document.activeElement.innerText || '').trim()"))
    assert any("Sentiment" in each for each in reached) and any("Campaign" in each for each in reached)
    visible = "(() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle !== 'none' || s.boxShadow !== 'none' || s.borderColor !== '' })()"
    assert page.evaluate(visible)


def test_the_dark_theme_is_dark_and_its_charts_are_drawn_for_it(open_page):
    page = open_page("/", theme="dark")
    ground = page.evaluate("getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor")
    assert ground == "rgb(18, 23, 29)"
    light = open_page("/")
    assert light.evaluate("getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor") == "rgb(255, 255, 255)"


def test_a_report_prints_without_menus_and_buttons(open_page):
    page = open_page("/report")
    page.emulate_media(media="print")
    for hidden in ('[data-testid="stSidebar"]', ".st-key-only-screen"):
        assert not page.locator(hidden).first.is_visible()
    assert page.get_by_role("heading", name="Campaign report").is_visible()
    pdf = page.pdf(format="A4", print_background=True)
    pages = len(re.findall(rb"/Type\s*/Page[^s]", pdf))
    assert pdf.startswith(b"%PDF") and 1 <= pages <= 4


def test_what_was_published_reopens(open_page):
    page = open_page("/report")
    page.get_by_role("combobox", name="As reported on").click()
    page.get_by_role("option").nth(1).click()
    page.wait_for_selector("text=These figures do not change")
    assert "as_of=" in page.url and "29,846" in words_of(page)


@pytest.mark.parametrize("query", ["?campaign=nobody&hashtag=%3Cscript%3E&from=2026-99-99&to=x&zone=Mars", "?from=2026-03-12&to=2026-03-10"])
def test_nonsense_in_the_address_is_answered_with_a_page(open_page, query):
    page = open_page(f"/{query}")
    assert "could not be shown" not in words_of(page) and page.said == []


def test_no_text_of_a_post_runs_or_becomes_markup(open_page):
    for path in ("/posts", "/topics", "/?hashtag=%23auroratrail"):
        page = open_page(path)
        assert page.said == []
        assert page.locator('[data-testid="stMain"] script, [data-testid="stMain"] a[href^="javascript"]').count() == 0
