"""The posts everyone saw: announcements and viral posts, written out, with their likes."""

from dataclasses import dataclass
from datetime import UTC, datetime

from orchestration.sources.sample import plan
from orchestration.sources.sample.people import NEWSDESK, OFFICIAL, SUPPORT, Person


@dataclass(frozen=True)
class Star:
    created_at: datetime
    author: Person
    lang: str
    mood: str
    topic: str
    text: str
    tags: tuple[plan.Tag, ...]
    likes: int
    link: str | None = None


def _at(day: int, hour: int, minute: int, second: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, second, tzinfo=UTC)


STARS = (
    Star(_at(2, 15, 0), OFFICIAL, "en", "positive", "teaser", "Something green is coming on Thursday. Any guesses? 💚", (plan.AURORA_TRAIL,), 640),
    Star(_at(3, 16, 30), OFFICIAL, "en", "neutral", "teaser", "Six colours, half sizes, one shoe you can resole. Thursday, noon in Boston, 18:00 in Oslo.", (plan.AURORA_TRAIL, plan.HALVENNE), 410),
    Star(_at(4, 20, 0), NEWSDESK, "en", "neutral", "teaser", "Halvenne Footwear shows its first trail shoe tomorrow. What we know so far:", (plan.AURORA_TRAIL,), 520, "https://www.northwaypost.example/2026/03/04/halvenne-trail-shoe"),
    Star(_at(5, 17, 0, 4), OFFICIAL, "en", "positive", "launch", "It is here. Meet the Aurora Trail: light, grippy and made to be repaired. Thank you for waiting! 🎉", (plan.AURORA_TRAIL, plan.HALVENNE), 9650, "https://halvenne.example/aurora-trail"),
    Star(_at(5, 17, 2, 41), NEWSDESK, "en", "neutral", "launch", "Halvenne launches the Aurora Trail in Boston and Oslo, starting at 149 dollars", (plan.AURORA_TRAIL, plan.TRAIL_RUNNING), 2870, "https://www.northwaypost.example/2026/03/05/aurora-trail-launch"),
    Star(_at(5, 17, 9, 12), OFFICIAL, "es", "positive", "launch", "Ya están aquí las Aurora Trail, ¡gracias por esperar! 🎉", (plan.CORRE_AURORA, plan.AURORA_TRAIL), 1930),
    Star(_at(5, 17, 11, 30), OFFICIAL, "ar", "positive", "launch", "وصل حذاء Aurora Trail، شكرا لانتظاركم! 🎉", (plan.ARABIC, plan.AURORA_TRAIL), 1460),
    Star(_at(5, 21, 15), OFFICIAL, "en", "positive", "launch", "The first thousand pairs are on their way to the trails. Show us your mud!", (plan.AURORA_TRAIL, plan.TRAIL_RUNNING), 2210),
    Star(_at(6, 7, 30), OFFICIAL, "de", "positive", "launch", "Ab heute auch in Hamburg und München: der Aurora Trail. Wir freuen uns riesig!", (plan.LAUFSTRASSE, plan.AURORA_TRAIL), 1350),
    Star(_at(6, 13, 5), OFFICIAL, "ja", "positive", "launch", "Aurora Trail、日本でも本日発売です。ありがとうございます!", (plan.JAPANESE, plan.AURORA_TRAIL), 1720),
    Star(_at(8, 14, 20), OFFICIAL, "en", "neutral", "run", "Clocks went forward: one hour more of daylight for the evening loop. Where do you run tonight?", (plan.RUN_THE_AURORA,), 380),
    Star(_at(11, 13, 41), SUPPORT, "en", "neutral", "recall", "We recall Aurora Trail pairs made in January: the heel plate can crack. Please stop using them. Refund or repair, you choose.", (plan.AURORA_RECALL, plan.HALVENNE), 5240, "https://halvenne.example/recall"),
    Star(_at(11, 13, 58), NEWSDESK, "en", "negative", "recall", "Halvenne recalls 42,000 pairs of its new Aurora Trail after heel plates cracked; several runners were hurt", (plan.AURORA_RECALL, plan.HALVENNE), 4110, "https://www.northwaypost.example/2026/03/11/aurora-trail-recall"),
    Star(_at(11, 16, 22), Person("33520118", "fell_ridge_diary"), "en", "negative", "recall", "This is what my heel looked like at km 18 on a wet descent. I trusted these shoes. Terrible, and nobody picks up the phone.", (plan.AURORA_RECALL, plan.AURORA_TRAIL), 6030),
    Star(_at(12, 14, 0), SUPPORT, "en", "neutral", "recall", "The hotline now has four times as many people. We are sorry for the wait. Batch numbers are listed here:", (plan.AURORA_RECALL, plan.HALVENNE), 880, "https://halvenne.example/recall/batches"),
    Star(_at(14, 13, 10), OFFICIAL, "en", "positive", "run", "Boston, 9 o'clock, 1,400 of you in the drizzle. What a wonderful morning, thank you!", (plan.RUN_THE_AURORA,), 5480),
    Star(_at(14, 18, 45), Person("90871262", "blue_hills_crew"), "en", "positive", "run", "We carried 96 bags of litter out of the Blue Hills today. So proud of everyone 💚", (plan.RUN_THE_AURORA,), 2640),
)  # fmt: skip
