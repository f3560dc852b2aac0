"""The consumer: keeps one connection to X's filtered stream open, and stores what it brings."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from orchestration.redaction import redact
from orchestration.sources.base import SourceError
from orchestration.sources.x.coverage import ALIVE, CONNECTED, DISCONNECTED, RULES, Event
from orchestration.sources.x.metering import STREAM, Meter
from orchestration.stream.backoff import Backoff, Ending
from orchestration.stream.connection import READ_SECONDS, Connection
from orchestration.stream.figures import Figures
from orchestration.stream.lines import BadLine, Message, read_line
from orchestration.stream.rules import RuleBook
from orchestration.stream.sink import Sink
from orchestration.warehouse.errors import WarehouseError

log = logging.getLogger("pulse.stream")

# Posts that may be read before the budget is asked again, and how long a few may wait to be written down.
PAID_AT_ONCE, PAID_SECONDS = 500, 10.0
# Without the warehouse nobody knows what is spent; for so long the stream goes on all the same.
UNKNOWN_SPENDING_SECONDS = 600.0
SYNC_SECONDS, LIFE_SECONDS, RULES_SECONDS = 1.0, 2.0, 60.0
# The header carries whole seconds.
SMALLEST_SKEW = timedelta(seconds=2)
# A disk or Pub/Sub that hangs must not hold up the end for ever.
JOIN_SECONDS = 10.0


@dataclass(frozen=True)
class Limits:
    """When the consumer ends by itself; None is never."""

    seconds: float | None = None
    posts: int | None = None


@dataclass
class Consumer:
    """`synchronise` makes X's rules those of the campaigns of now and says whose posts come; `meter_of` gives the books of
    a campaign, or of none. `now` is UTC; where X's clock differs, X's is written, since gaps are compared with its posts."""

    base_url: str
    sink: Sink
    synchronise: Callable[[], RuleBook]
    meter_of: Callable[[str | None], Meter]
    limits: Limits = field(default_factory=Limits)
    read_seconds: float = READ_SECONDS
    life_seconds: float = LIFE_SECONDS
    rules_seconds: float = RULES_SECONDS
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    backoff: Backoff = field(default_factory=Backoff)

    def __post_init__(self) -> None:
        self.figures = Figures()
        self._stopping = threading.Event()
        self._signing = threading.Lock()
        self._why = "stopped"
        self._skew = timedelta(0)
        self._rules = RuleBook(())
        self._told: tuple[str, ...] | None = None
        self._connection: Connection | None = None
        self._session = ""
        # The open session and when it was last heard of.
        self._heard: tuple[str, datetime] | None = None
        self._unpaid: Counter[str | None] = Counter()
        self._paid_at = time.monotonic()
        self._unknown_since: float | None = None
        self._broken: BaseException | None = None

    def run(self) -> Figures:
        """Streams until it is stopped or a limit is reached. Raises SourceError or OSError for what waiting does not heal;
        what was received is stored before, and the manifest says why."""
        self._take_rules(self.synchronise())
        keeper = threading.Thread(target=self._keep, name="stream keeper", daemon=True)
        keeper.start()
        threading.Thread(target=self._keep_rules, name="stream rules", daemon=True).start()
        try:
            while not self._stopping.is_set():
                self._pay(ask=True)
                ending, lived = self._connect_once()
                wait = self.backoff.after(ending, lived)
                if self._stopping.is_set():
                    break
                log.warning("The stream ended (%s); it connects again in %.2f s.", self._why, wait)
                self._stopping.wait(wait)
            if self._broken is not None:
                raise self._broken
            return self.figures
        finally:
            self._stopping.set()
            keeper.join(JOIN_SECONDS)
            self._pay(ask=False)
            self.sink.close()

    def stop(self, why: str = "stopped") -> None:
        """Ends the run from a signal handler or another thread; what has been received is stored."""
        self._stopping.set()
        if self._connection is not None:
            self._connection.stop(why)

    def _time(self) -> datetime:
        """X's clock."""
        return self.now() + self._skew

    def _connect_once(self) -> tuple[Ending, float]:
        """One connection, to its end. Raises what is fatal."""
        began = time.monotonic()
        self._session, self._heard = uuid4().hex[:12], None
        connection = Connection(
            self.base_url, on_open=self._opened, on_line=self._take, on_quiet=self._quiet, read_seconds=self.read_seconds
        )
        self._connection = connection
        if self._stopping.is_set():
            return Ending.OURS, 0.0
        connection.listen()
        self._why = connection.why
        self.figures.ended(connection.why)
        heard, self._heard = self._heard, None
        if heard is not None:
            self._end_session(heard[1], connection.why)
        if connection.fatal is not None:
            raise connection.fatal
        return connection.ending, time.monotonic() - began

    def _end_session(self, at: datetime, why: str) -> None:
        try:
            self.sink.sync()
            self.sink.event(Event(at, DISCONNECTED, self._session, why))
            with self._signing:
                self.sink.alive(self._sign(self._session, at), self.figures.as_row(connected=False, at=self._time()))
        except (SourceError, OSError) as error:
            # Without its end, the session ends at its last sign of life.
            self._break(error)

    def _opened(self, date: datetime | None) -> None:
        if date is not None:
            skew = date - self.now()
            self._skew = skew if abs(skew) > SMALLEST_SKEW else timedelta(0)
        # By X's clock, which is known only now.
        self._tell_rules()
        at = self._time()
        self.sink.event(Event(at, CONNECTED, self._session, campaigns=self._rules.campaigns))
        self._heard = self._session, at
        self.figures.connections += 1
        self._live()

    def _quiet(self) -> None:
        self._heard = self._session, self._time()
        self.figures.keep_alives += 1
        self._after_each()

    def _take(self, raw: bytes) -> None:
        """Stores one line of the stream."""
        at = self._time()
        line = read_line(raw, at, self._session, self._rules)
        try:
            if isinstance(line, Message):
                self._hear(line)
            elif isinstance(line, BadLine):
                self.sink.unread(line)
                self.figures.unread += 1
                self._unpaid[None] += 1
            else:
                self.sink.post(line)
                self.figures.took(at, line.created_at)
                self._unpaid[line.campaigns[0]] += 1
        except (SourceError, OSError) as error:
            self._break(error)
            return
        self._heard = self._session, at
        self._after_each()

    def _after_each(self) -> None:
        try:
            self._pay_when_due()
        except (SourceError, WarehouseError, OSError) as error:
            self._break(error)
        most = self.limits.posts
        if most is not None and self.figures.posts >= most:
            self.stop(f"{most:,} posts were asked for")

    def _break(self, error: BaseException) -> None:
        """Ends the run with an error that waiting does not heal; the manifest says it."""
        if self._broken is None:
            self._broken = error
        self.stop(redact(" ".join(str(error).split()))[:300] or type(error).__name__)

    def _hear(self, message: Message) -> None:
        if message.foreign:
            self.figures.foreign += 1
            self._unpaid[None] += 1
            return
        self.figures.messages += 1
        log.warning("X says on the stream: %s", message.said)
        if message.disconnects and self._connection is not None:
            self._connection.leave(message.disconnects)

    def _pay_when_due(self) -> None:
        due = time.monotonic() - self._paid_at >= PAID_SECONDS
        if sum(self._unpaid.values()) >= PAID_AT_ONCE or (due and self._unpaid):
            self._pay(ask=True)

    def _pay(self, *, ask: bool) -> None:
        """Writes down what was read since the last time, and asks whether more may be. Raises BudgetExceeded."""
        unpaid, self._unpaid, self._paid_at = self._unpaid, Counter(), time.monotonic()
        for campaign_id, posts in unpaid.items():
            self.meter_of(campaign_id).record(STREAM, posts)
        if not ask:
            return
        try:
            self.meter_of(None).allow(STREAM, PAID_AT_ONCE)
        except WarehouseError as error:
            since = self._unknown_since = self._unknown_since or time.monotonic()
            if not unpaid or time.monotonic() - since > UNKNOWN_SPENDING_SECONDS:
                raise
            log.warning("What is spent is not known, the stream goes on for now: %s", error)
        else:
            self._unknown_since = None

    def _take_rules(self, rules: RuleBook) -> None:
        self._rules = rules
        if self._heard is not None:
            self._tell_rules()

    def _tell_rules(self) -> None:
        told, self._told = self._told, self._rules.campaigns
        if told != self._told:
            self.sink.event(Event(self._time(), RULES, self._session, campaigns=self._told))

    def _sign(self, session: str, at: datetime) -> Event:
        return Event(at, ALIVE, session, campaigns=self._rules.campaigns)

    def _live(self) -> None:
        """The sign of life: by the last that was heard, since a connection can be dead for long before anybody knows."""
        # Two threads give it, and an older sign must not follow a newer one.
        with self._signing:
            if (heard := self._heard) is not None:
                self.sink.alive(self._sign(*heard), self.figures.as_row(connected=True, at=self._time()))

    def _keep(self) -> None:
        """Beside the stream: each second what is written becomes durable, then the sign of life, and the end of the time."""
        began = lived = time.monotonic()
        while not self._stopping.wait(min(SYNC_SECONDS, self.life_seconds)):
            now = time.monotonic()
            try:
                self.sink.sync()
                if now - lived >= self.life_seconds:
                    lived = now
                    self._live()
            except (SourceError, OSError) as error:
                self._break(error)
            if self.limits.seconds is not None and now - began >= self.limits.seconds:
                self.stop(f"{self.limits.seconds:g} s were asked for")

    def _keep_rules(self) -> None:
        """Beside the stream: campaigns begin, end and change."""
        while not self._stopping.wait(self.rules_seconds):
            try:
                self._take_rules(self.synchronise())
            except Exception as error:
                # The rules at X stay as they are; a broken campaigns file must not end the stream.
                log.warning("The rules could not be brought up to date, the old ones stay: %s", error)
