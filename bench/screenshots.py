"""Pictures of every page at three widths in both themes, to look at:  python -m bench.screenshots --home FOLDER [--out FOLDER] [--pages overview news]

Wants a home with a materialised campaign, and Chromium. `--chosen` writes the few that the README shows, at a size that a repository bears.
"""

import argparse
from pathlib import Path

from bench.site_process import CHROMIUM, enter, served, settle

PAGES = ("overview", "engagement", "sentiment", "topics", "news", "posts", "compare", "report", "method", "admin")
WIDTHS = (1440, 1024, 390)
# Page, width, theme.
CHOSEN = (("overview", 1440, "light"), ("overview", 1440, "dark"), ("sentiment", 1440, "light"), ("overview", 390, "light"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--home", type=Path, required=True, help="PULSE_HOME with a materialised campaign")
    parser.add_argument("--out", type=Path, default=Path("screenshots"))
    parser.add_argument("--pages", nargs="+", default=PAGES, choices=PAGES)
    parser.add_argument("--widths", nargs="+", type=int, default=WIDTHS)
    parser.add_argument("--themes", nargs="+", default=("light", "dark"), choices=("light", "dark"))
    parser.add_argument("--query", default="", help="filters, as in the address: hashtag=x&from=2026-03-09")
    parser.add_argument("--chosen", action="store_true")
    given = parser.parse_args()
    wanted = CHOSEN if given.chosen else [(page, width, theme) for page in given.pages for width in given.widths for theme in given.themes]
    given.out.mkdir(parents=True, exist_ok=True)
    with served(given.home) as (address, link):
        take(address, link, wanted, given.out, given.query, whole=not given.chosen)


def take(address: str, link: str, wanted: list[tuple[str, int, str]] | tuple, out: Path, query: str, *, whole: bool) -> None:
    """PAGE-WIDTH-THEME.png for each; `whole` pictures have the whole page, others one screen."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(locale="en-GB")
        enter(context, link)
        for name, width, theme in wanted:
            page = context.new_page()
            page.set_viewport_size({"width": width, "height": 844 if width < 500 else 1000})
            page.emulate_media(color_scheme=theme)
            page.goto(f"{address}/{'' if name == 'overview' else name}?{query}")
            settle(page)
            if whole:
                # The page scrolls in a container of its own: as high as that, the window shows all of it.
                height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
                page.set_viewport_size({"width": width, "height": min(height, 6_000)})
                page.wait_for_timeout(900)
            file = out / f"{name}-{width}-{theme}.png"
            page.screenshot(path=file)
            print(f"{file}  {file.stat().st_size / 1024:.0f} KB", flush=True)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
