"""Readers of the site, signed in, over its own websocket and its API, until they are told to stop."""

import asyncio
import random
import threading
import time
from dataclasses import dataclass, field

import httpx

from bench.site_process import PASSWORD, READER, Site
from bench.streamlit_client import OpenPage

USERS = 5
THINKING = (2.0, 6.0)
# A page that takes longer than this is no page.
LONGEST_SECONDS = 60.0
TOKEN_SECONDS = 600
API_PATHS = ("campaigns", "cards?campaign={c}", "series?campaign={c}&grain=hours", "coverage?campaign={c}", "posts?campaign={c}")


@dataclass
class Readers:
    """`errors` are what went wrong, in words; `seconds` how long each page or answer took."""

    site: Site
    cookie: str
    campaign: str
    seed: int
    errors: list[str]
    seconds: list[float] = field(default_factory=list)
    _stopping: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Readers":
        self._thread = threading.Thread(target=lambda: asyncio.run(self._all()), name="readers", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join(LONGEST_SECONDS + max(THINKING))

    async def _all(self) -> None:
        await asyncio.gather(*(self._one(number) for number in range(USERS)))

    async def _one(self, number: int) -> None:
        rng, page, token = random.Random(self.seed + number), None, (0.0, "")
        async with httpx.AsyncClient(base_url=f"{self.site.address}/api/", timeout=LONGEST_SECONDS) as client:
            while not self._stopping.is_set():
                try:
                    async with asyncio.timeout(LONGEST_SECONDS):
                        if page is None:
                            page = OpenPage(self.site.address, self.cookie)
                            self.seconds.append(await page.open())
                        token = await self._look(page, client, token, rng)
                except Exception as error:
                    # Whatever a reader would see as an error; it comes back with a new page.
                    self.errors.append(f"{type(error).__name__}: {' '.join(str(error).split())[:200]}")
                    page = None
                await asyncio.sleep(rng.uniform(*THINKING))
            if page is not None:
                await page.close()

    async def _look(self, page: OpenPage, client: httpx.AsyncClient, token: tuple[float, str], rng: random.Random) -> tuple[float, str]:
        """One thing that readers do: another page, another hashtag, or a question to the API."""
        roll = rng.random()
        if roll < 0.5:
            self.seconds.append(await page.go(rng.choice(list(page.pages))))
        elif roll < 0.8 and page.choices.get("Hashtag", ("", []))[1]:
            self.seconds.append(await page.choose("Hashtag", rng.choice(page.choices["Hashtag"][1])))
        else:
            if time.monotonic() - token[0] > TOKEN_SECONDS or not token[1]:
                answer = await client.post("token", json={"username": READER, "password": PASSWORD})
                token = time.monotonic(), answer.raise_for_status().json()["access_token"]
            began = time.perf_counter()
            path = rng.choice(API_PATHS).format(c=self.campaign)
            (await client.get(f"v1/{path}", headers={"authorization": f"Bearer {token[1]}"})).raise_for_status()
            self.seconds.append(time.perf_counter() - began)
        return token
