"""The stub without HTTP: its articles, clock, plan, counters, faults and log, and the answer to one request."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from orchestration.news_stub import gdelt
from orchestration.news_stub.everything import Refusal, read, refusal, search
from orchestration.news_stub.faults import ARTICLES, BODIES, ERRORS, Fault, Faults, spoiled
from orchestration.news_stub.plans import DEVELOPER, Counter, Plan
from orchestration.news_stub.shelf import Shelved
from orchestration.stub_clock import StubClock

JSON = "application/json; charset=utf-8"
# So that a real key can never be sent here by mistake and go unnoticed.
KEYS_BEGIN = "test-"


@dataclass(frozen=True)
class Reply:
    status: int
    media_type: str
    content: str
    articles: int = 0


@dataclass
class Desk:
    """Not for several threads at once."""

    shelf: list[Shelved]
    plan: Plan = DEVELOPER
    clock: StubClock = field(default_factory=StubClock)
    faults: Faults = field(default_factory=Faults)
    log_file: Path | None = None
    log: list[dict[str, Any]] = field(default_factory=list)
    gdelt_asked: datetime | None = None

    def __post_init__(self) -> None:
        self.counter = Counter(self.plan)

    def answer(self, path: str, parameters: Mapping[str, str], key: str | None) -> tuple[Reply, Fault | None]:
        """The reply, and the fault that struck. The request is in the log when this returns, without its key."""
        now, fault = self.clock.now(), self.faults.next()
        asked = {name: value for name, value in parameters.items() if name != "apiKey"}
        try:
            reply = self._of_gdelt(asked, fault, now) if path == gdelt.PATH else self._reply(asked, key, fault, now)
        except Refusal as error:
            said = {"status": "error", "code": error.code, "message": error.message}
            reply = Reply(error.status, JSON, json.dumps(said))
        self._note(now, path, asked, reply, fault)
        return reply, fault

    def _reply(self, asked: Mapping[str, str], key: str | None, fault: Fault | None, now: datetime) -> Reply:
        if fault and fault.kind in BODIES:
            return Reply(*BODIES[fault.kind])
        if fault and fault.kind in ERRORS:
            raise refusal(fault.kind, oldest=now - self.plan.reach, asked=asked.get("from", "")[:10])
        if not key:
            raise Refusal(401, "apiKeyMissing", "Your API key is missing. Append this to the URL with the apiKey param, or use the x-api-key HTTP header.")
        if not key.startswith(KEYS_BEGIN):
            raise refusal("401")
        if not self.counter.take(now):
            raise refusal("429")
        found = search(self.shelf, read(asked), self.plan, now)
        articles = spoiled(found.articles, fault.kind) if fault and fault.kind in ARTICLES else found.articles
        body = {"status": "ok", "totalResults": found.total, "articles": articles}
        return Reply(200, JSON, json.dumps(body, ensure_ascii=False), len(articles))

    def _of_gdelt(self, asked: Mapping[str, str], fault: Fault | None, now: datetime) -> Reply:
        """No key; errors are one line of text. A request that comes too soon is refused, and counts."""
        before, self.gdelt_asked = self.gdelt_asked, now
        status, said = gdelt.FAULTS.get(fault.kind, (200, None)) if fault else (200, None)
        if said is not None:
            return Reply(status, gdelt.TEXT, said)
        if before is not None and now - before < gdelt.APART:
            return Reply(429, gdelt.TEXT, gdelt.LIMITED)
        try:
            body = gdelt.answer(self.shelf, asked)
        except gdelt.Refused as error:
            return Reply(200, gdelt.TEXT, str(error))
        return Reply(200, JSON, gdelt.spoiled(body) if fault else body, body.count('"seendate"'))

    def _note(self, now: datetime, path: str, asked: Mapping[str, str], reply: Reply, fault: Fault | None) -> None:
        entry = {
            "number": len(self.log) + 1,
            "time": now.isoformat(),
            "path": path,
            "parameters": dict(asked),
            "status": reply.status,
            "articles": reply.articles,
            "fault": fault.kind if fault else None,
        }
        self.log.append(entry)
        if self.log_file:
            with self.log_file.open("a", encoding="utf-8") as file:
                file.write(json.dumps(entry, ensure_ascii=False) + "\n")
