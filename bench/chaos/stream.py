"""The stream consumer, killed again and again while X sends: what is stored is whole and single, what is lost lies in a gap."""

import os
import random
import subprocess
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.chaos.blows import NotStruck
from bench.chaos.homes import PULSE
from orchestration import campaigns
from orchestration.campaigns import Campaign
from orchestration.settings import REPOSITORY, Settings
from orchestration.sources.values import time_of_id
from orchestration.sources.x.coverage import DISCONNECTED, to_repair
from orchestration.sources.x.spool import FOLDER, MANIFEST, UNREAD, FileSpool, SpoolLine
from orchestration.stream.manifest import KILLED, read_life
from orchestration.warehouse import server_control
from orchestration.warehouse.server_files import ServerFiles
from orchestration.windows import Window
from orchestration.x_stub.loading import from_sample
from orchestration.x_stub.running import RunningStub

NAME = "stream kill -9, torn spool"
CAMPAIGN = Campaign("streamed", "Streamed", query="#auroratrail", source="x_stream")
TOKEN = "test-chaos"
POSTS_A_SECOND, KILLS, LIVE_SECONDS, CONNECT_SECONDS = 200, 3, 6.0, 120.0


def trial(folder: Path, rng: random.Random) -> tuple[str, str]:
    """(what was done, what is wrong with what is stored, empty for nothing)."""
    with RunningStub(from_sample(), limits=False, replay_rate=POSTS_A_SECOND, keep_alive_seconds=1) as stub:
        settings = Settings(home=folder, x_base_url=stub.url)
        campaigns.save(settings, [CAMPAIGN])
        server_control.start(settings)
        try:
            lived = [_live(settings, rng, kill=True) for _ in range(KILLS)]
            _live(settings, rng, kill=False)
        finally:
            server_control.halt(ServerFiles(settings.warehouse_dir))
        shown = ", ".join(f"{seconds:.1f}" for seconds in lived)
        return f"killed after {shown} s, each time with half a line; {len(stub.streamed):,} posts sent", _wrong(settings, set(stub.streamed))


def _live(settings: Settings, rng: random.Random, *, kill: bool) -> float:
    """One life of the consumer, from its connection on."""
    environment = {**os.environ, "PULSE_HOME": str(settings.root), "PULSE_X_BASE_URL": settings.x_base_url, "X_BEARER_TOKEN": TOKEN}
    spool, seconds = settings.spool_dir / FOLDER, rng.uniform(0, LIVE_SECONDS)
    with (settings.root / "chaos.log").open("ab") as said:
        process = subprocess.Popen([*PULSE, "stream", "run"], cwd=REPOSITORY, env=environment, stdout=said, stderr=said)
    deadline = time.monotonic() + CONNECT_SECONDS
    while not (read_life(spool).get("pid") == process.pid and read_life(spool).get("posts")):
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            raise NotStruck(f"the consumer did not connect: {(settings.root / 'chaos.log').read_text()[-500:]}")
        time.sleep(0.02)
    time.sleep(seconds)
    process.kill() if kill else process.terminate()
    process.wait(60)
    if kill:
        # As a kill in the middle of a write leaves it, which one `write` makes hard to meet.
        with max(spool.glob("2*/*.jsonl"), key=lambda file: file.stat().st_mtime).open("ab") as opened:
            opened.write(b'{"received_at":"2026-')
    return seconds


def _wrong(settings: Settings, sent: set[str]) -> str:
    spool, stored = settings.spool_dir / FOLDER, []
    for file in sorted(spool.rglob("*.jsonl")):
        if file.name != MANIFEST and file.parent.name != UNREAD:
            lines = file.read_bytes().splitlines(keepends=True)
            with suppress(ValueError, KeyError, TypeError):
                stored += [SpoolLine.of(line).post["data"]["id"] for line in lines]
                continue
            return f"{file.name} holds a line that cannot be read"
    events, now = FileSpool(spool).events(), datetime.now(UTC)
    repaired = to_repair(events, Window(now - timedelta(minutes=30), now), CAMPAIGN.campaign_id)
    lost = [each for each in sent - set(stored) if not any(time_of_id(each) in part for part in repaired)]
    ends = sum(event.kind == DISCONNECTED and event.reason == KILLED for event in events)
    torn = sum(file.read_text().count("torn_line") for file in (spool / UNREAD).glob("*"))
    findings = {
        "posts are doubled": len(stored) - len(set(stored)),
        "posts were never sent": len(set(stored) - sent),
        "posts are lost outside of the gaps": len(lost),
        "ends of killed sessions are missing": KILLS - ends,
        "torn lines are not kept among the unread": KILLS - torn,
    }
    return "; ".join(f"{count} {what}" for what, count in findings.items() if count)
