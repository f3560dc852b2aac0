"""What the answers hold. Days are days in the campaign's zone, times are UTC, shares are fractions of 1, ids are text, absent is null."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Label = Literal["negative", "neutral", "positive"]


class About(BaseModel):
    """What was asked, and of which data."""

    model_config = ConfigDict(populate_by_name=True)

    campaign: str
    hashtag: str = Field(description="`*` is the whole campaign.")
    start: date | None = Field(alias="from", description="First day; null is open.")
    end: date | None = Field(alias="to", description="Day after the last; null is open.")
    zone: str = Field(description="IANA zone of the days.")
    data_version: str = Field(description="Latest load stamp of the marts.")


class Campaign(BaseModel):
    campaign_id: str
    name: str | None
    zone: str | None = Field(description="IANA zone of the campaign's days.")
    end_day: date | None = Field(description="Last day, included; null when open.")


class Campaigns(BaseModel):
    data: list[Campaign]


class HashtagRow(BaseModel):
    hashtag: str
    followed: bool
    posts: int | None
    peak_day: date | None = Field(description="Day of most engagement, of all days.")
    engagement: int | None = Field(description="Engagement of that day.")
    runner_up_day: date | None
    runner_up_engagement: int | None
    coverage: float | None
    engagement_age: str | None
    provisional: bool | None


class Hashtags(BaseModel):
    about: About
    data: list[HashtagRow]


class DayRow(BaseModel):
    day: date
    posts: int
    originals: int
    reposts: int
    authors: int
    engagement: int | None = Field(description="Of original posts; null where nobody knows it.")
    engagement_age: str | None = Field(description="At which age it was measured.")
    engagement_measured: int
    engagement_waiting: int
    engagement_deleted: int
    engagement_missed: int
    captured: int | None
    counted: int | None = Field(description="Posts of the whole campaign by the source's own count; null where nobody counted.")
    coverage: float | None = Field(description="captured / counted of the whole campaign.")


class HourRow(BaseModel):
    hour: datetime
    posts: int
    engagement: int | None
    engagement_age: str | None
    coverage: float | None


class Series(BaseModel):
    about: About
    grain: Literal["days", "hours"]
    data: list[DayRow | HourRow]


class CardRow(BaseModel):
    measure: str
    label: str
    unit: str
    value: int | float | date | None = Field(description="Exact; null where it is not known or too few for a verdict.")
    shown: str = Field(description="As the page shows it.")
    behind: str | None = Field(description="The words below it on the page.")
    low: float | None = Field(description="Lower end of the 95 % interval, in the unit of the value.")
    high: float | None
    change: str | None = Field(description="Against the equal period before, as the page shows it; null where the two may not be compared.")
    against: str | None = Field(description="Which period that is.")
    not_compared: str | None = Field(description="Why there is no change.")
    notes: list[str] = Field(description="What a reader must know of the figure.")
    definition: str | None


class Cards(BaseModel):
    about: About
    data: list[CardRow]


class Share(BaseModel):
    label: Label
    posts: int
    share: float | None
    low: float | None = Field(description="95 % interval of the share.")
    high: float | None


class SentimentDay(BaseModel):
    day: date
    scored: int
    not_scored: int
    shares: list[Share]


class NetSentiment(BaseModel):
    points: float = Field(description="Share of positive less share of negative posts, in points of 100.")
    low: float
    high: float


class Sentiment(BaseModel):
    about: About
    scored: int
    not_scored: int
    has_verdict: bool = Field(description="False below 30 scored posts: then there is no net sentiment and no interval.")
    net: NetSentiment | None
    shares: list[Share]
    said: str = Field(description="The shares in a sentence.")
    corrected: str = Field(description="The shares corrected for the classifier's own errors, or why they are not.")
    days: list[SentimentDay]


class WordRow(BaseModel):
    word: str
    posts: int


class Words(BaseModel):
    about: About
    data: list[WordRow]


class Post(BaseModel):
    tweet_id: str
    created_at: datetime
    day: date
    kind: str | None
    is_repost: bool
    lang: str | None
    text: str | None = Field(description="Text, never markup. Null where it may not be handed on; then `text_withheld` says why.")
    text_withheld: str | None = None
    hashtags: list[str]
    engagement: int | None
    engagement_state: str | None
    engagement_age_hours: float | None
    like_count: int | None
    reply_count: int | None
    quote_count: int | None
    repost_count: int | None
    sentiment_label: str | None
    not_scored_reason: str | None
    p_negative: float | None
    p_neutral: float | None
    p_positive: float | None
    model_id: str | None
    model_revision: str | None
    source: str | None
    run_id: str | None


class Posts(BaseModel):
    about: About
    data: list[Post]
    next: str | None = Field(description="Cursor of the next page; null on the last one.")


class Article(BaseModel):
    published_at: datetime | None
    title: str | None
    source_name: str | None
    url: str | None = Field(description="http(s) only.")
    matched_terms: list[str]
    peak_day: date | None


class Articles(BaseModel):
    about: About
    status: str | None = Field(
        description="Of the question to the news source; null where the hashtag is not followed or its peak is not of these days."
    )
    reason: str | None
    data: list[Article]


class Entity(BaseModel):
    name: str
    kind: Literal["organisation", "place"]
    articles: int
    sources: int
    mentions: int
    surface_forms: list[str] = Field(description="Spellings found.")


class Entities(BaseModel):
    about: About
    data: list[Entity]


class Peak(BaseModel):
    """A notable event, as marts.peaks has it: times are UTC and `end_at` is not included; `top_day` is in the campaign's zone."""

    peak_id: str
    series: str
    grain: str
    start_at: datetime
    top_at: datetime
    end_at: datetime
    top_day: date
    value: float
    expected: float
    times_expected: float | None
    score: float
    posts: int | None
    authors: int | None
    coverage: float | None
    is_counted: bool


class Peaks(BaseModel):
    about: About
    data: list[Peak]


class Explanation(BaseModel):
    """A row of marts.peak_explanations: the strongest story of a day, its score, and how that compares with ordinary days."""

    hashtag: str
    peak_day: date
    verdict: str
    story_id: str | None
    headline: str | None
    headline_source: str | None
    headline_published_at: datetime | None
    story_articles: int | None
    story_sources: int | None
    score: float | None
    confidence: float | None
    placebo_days: int | None
    basis: str | None
    posts_compared: int | None
    articles: int | None
    shared_terms: list[str]
    shared_entities: list[str]
    day_terms: list[str]
    news_status: str | None
    news_reason: str | None


class Explanations(BaseModel):
    about: About
    data: list[Explanation]


class CoverageHour(BaseModel):
    hour: datetime
    source: str | None
    captured: int | None
    counted: int | None
    coverage: float | None
    capped: bool | None
    hourly_cap: int | None
    ids_exact: bool | None
    notes: str | None
    run_id: str | None
    loaded_at: datetime | None


class Coverage(BaseModel):
    about: About
    hours: int
    capped_hours: int
    captured: int
    counted: int | None = Field(description="Null when the posts of an hour were not counted.")
    coverage: float | None
    newest_hour: datetime | None
    data: list[CoverageHour]


class SpendRow(BaseModel):
    campaign_id: str | None
    used_usd: float | None
    planned_usd: float | None
    posts: int | None
    requests: int | None
    refused: int | None
    prices_as_of: date | None


class Spend(BaseModel):
    month: date = Field(description="First day of the month, UTC.")
    budget_usd: float
    budget_posts: int
    data: list[SpendRow]


class Trace(BaseModel):
    """How a figure comes about; its parts are those of `pulse trace`."""

    model_config = ConfigDict(extra="allow")

    about: About
    measure: str
    trace: dict[str, Any]


class TextIn(BaseModel):
    text: str = Field(max_length=5_000, examples=["I love the new boots!"])
    language: str | None = Field(None, max_length=20, description="BCP 47; without it the text is read only when it looks English.", examples=["en"])


class Texts(BaseModel):
    model_config = ConfigDict(extra="forbid")

    texts: list[TextIn] = Field(min_length=1, max_length=100)


class Scored(BaseModel):
    """`reason` says why a text is `not_scored`; then there are no probabilities."""

    label: Literal["negative", "neutral", "positive", "not_scored"]
    reason: str | None
    p_negative: float | None
    p_neutral: float | None
    p_positive: float | None


class ScoredTexts(BaseModel):
    model_id: str
    model_revision: str
    code_version: str
    data: list[Scored] = Field(description="One for each text, in order.")


class Named(BaseModel):
    name: str = Field(description="The name that its spellings stand for.")
    label: Literal["ORG", "LOC", "PERSON"]
    mentions: int
    surface_forms: list[str]
    spans: list[tuple[int, int]] = Field(description="Where a spelling stands in the text: [start, end) in Unicode code points.")


class NamedTexts(BaseModel):
    model_id: str
    model_revision: str
    code_version: str
    data: list["NamedText"] = Field(description="One for each text, in order.")


class NamedText(BaseModel):
    """`reason` says why a text was not read; then there are no entities."""

    reason: str | None
    entities: list[Named]
