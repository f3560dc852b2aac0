"""Every table that Python writes: columns, key, window column. dbt's own tables are described in dbt_project."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Column:
    """`type` is a BigQuery type name; `repeated` makes it an ARRAY."""

    name: str
    type: str
    description: str
    repeated: bool = False


LINEAGE = (
    Column("row_hash", "STRING", "Hash of the row's content; a re-run that brings the same content leaves the row alone."),
    Column("run_id", "STRING", "Dagster run that last changed this row's content."),
    Column("loaded_at", "TIMESTAMP", "When that run wrote it, UTC."),
)


@dataclass(frozen=True)
class Table:
    """A table of dataset `dataset`. `key` is unique; `window_column` (TIMESTAMP or DATE) is its DAY partition."""

    dataset: str
    name: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    window_column: str | None = None
    cluster_by: tuple[str, ...] = field(default=())

    @property
    def all_columns(self) -> tuple[Column, ...]:
        return self.columns + LINEAGE


TWEETS = Table(
    "raw",
    "tweets",
    "Posts as received, one row per campaign and post: its latest observation. The first `hourly_cap` of each hour.",
    key=("campaign_id", "tweet_id"),
    window_column="created_at",
    cluster_by=("campaign_id", "tweet_id"),
    columns=(
        Column("campaign_id", "STRING", "Campaign the post was captured for."),
        Column("tweet_id", "STRING", "Post id as text. `approx-...` or `content-...` where the source's id is damaged or absent."),
        Column("root_id", "STRING", "First id of the edit history; equals tweet_id when never edited."),
        Column("created_at", "TIMESTAMP", "When the post was made, UTC."),
        Column("observed_at", "TIMESTAMP", "When the source read these metrics, UTC; NULL when it does not say."),
        Column("author_id", "STRING", "Author's id at the source; NULL when it does not say."),
        Column("author_key", "STRING", "Pseudonym of the author: a hash of the id, else of the handle."),
        Column("lang", "STRING", "Language as the source says it (BCP 47 or X's pseudo codes); NULL when it does not say."),
        Column("text", "STRING", "Full text as received: the long-post text where there is one, the original's for a repost where known."),
        Column("hashtags", "STRING", "NFKC-normalised, case-folded, without the sign, distinct, in order.", repeated=True),
        Column("mentions", "STRING", "Handles mentioned, case-folded, without the sign.", repeated=True),
        Column("cashtags", "STRING", "Cashtags, upper case, without the sign.", repeated=True),
        Column("urls", "STRING", "Links, expanded where the source says how.", repeated=True),
        Column("kind", "STRING", "original, reply, quote or repost."),
        Column("is_repost", "BOOL", "True for a repost: counts as volume, never as engagement."),
        Column("referenced_id", "STRING", "Post reposted, quoted or answered; NULL when unknown."),
        Column("like_count", "INT64", "As received; NULL when absent."),
        Column("reply_count", "INT64", "As received; NULL when absent."),
        Column("quote_count", "INT64", "As received; NULL when absent."),
        Column("repost_count", "INT64", "As received; NULL when absent. On a repost row it is the original's."),
        Column("bookmark_count", "INT64", "As received; NULL when absent."),
        Column("impression_count", "INT64", "As received; NULL when absent."),
        Column("author_followers", "INT64", "Followers of the author as received with the post; NULL when the source does not say."),
        Column("id_is_exact", "BOOL", "False when tweet_id had to be made from a damaged id or from the content."),
        Column("source", "STRING", "sample, archive, x_search or x_stream."),
        Column("source_ref", "STRING", "Where in the source: `file:line`, or the request."),
        Column("raw_record", "STRING", "The record as received, JSON text."),
    ),
)

CAPTURE_LEDGER = Table(
    "raw",
    "capture_ledger",
    "One row per campaign and captured hour: what was asked, counted and kept. An hour without posts has its row too.",
    key=("campaign_id", "hour"),
    window_column="hour",
    cluster_by=("campaign_id",),
    columns=(
        Column("campaign_id", "STRING", "Campaign."),
        Column("hour", "TIMESTAMP", "Start of the UTC hour."),
        Column("source", "STRING", "sample, archive, x_search or x_stream."),
        Column("capture_mode", "STRING", "How the source was read: file, search, stream. Search returns no reposts, a stream does."),
        Column("source_ref", "STRING", "Archive names or query, without secrets."),
        Column("captured", "INT64", "Distinct posts kept."),
        Column("counted", "INT64", "Posts there were according to the source; NULL when it cannot say."),
        Column("capped", "BOOL", "True when the hour had more posts than the cap."),
        Column("capped_at", "TIMESTAMP", "created_at of the last post kept when capped; NULL otherwise."),
        Column("hourly_cap", "INT64", "The cap in force."),
        Column("observations", "INT64", "Records read for the hour, repeats included."),
        Column("ids_exact", "BOOL", "False when ids of the hour are made from damaged ids or from content."),
        Column("notes", "STRING", "What a reader must know of this hour's source, e.g. that ids are not exact."),
        Column("requests", "INT64", "API requests used for the hour; 0 for files."),
        Column("cost_usd", "FLOAT64", "Listed price of the reads, US dollars; 0 for files."),
        Column("removed", "INT64", "Posts of the hour deleted since by duty; captured - removed are stored."),
    ),
)

DEAD_LETTERS = Table(
    "raw",
    "dead_letters",
    "Records that could not be used, with the reason, so that nothing disappears in silence.",
    key=("campaign_id", "letter_id"),
    columns=(
        Column("campaign_id", "STRING", "Campaign."),
        Column("letter_id", "STRING", "Hash of source_ref, line and record."),
        Column("feed", "STRING", "tweets or news."),
        Column("source", "STRING", "Source that brought it."),
        Column("source_ref", "STRING", "File name or request."),
        Column("line", "INT64", "Line in the file, from 1; NULL when there is none."),
        Column("reason", "STRING", "Reason code, e.g. bad_timestamp."),
        Column("detail", "STRING", "What was wrong, in words."),
        Column("raw_record", "STRING", "First 8 KB of the record."),
    ),
)

CAMPAIGNS = Table(
    "raw",
    "campaigns",
    "The campaigns file as last loaded.",
    key=("campaign_id",),
    columns=(
        Column("campaign_id", "STRING", "Id: lower case letters, digits, _ and -."),
        Column("name", "STRING", "Name shown to people."),
        Column("query", "STRING", "X search query; NULL for archives."),
        Column("hashtags", "STRING", "Followed hashtags, normalised; empty: those seen most are followed.", repeated=True),
        Column("competitors", "STRING", "Campaign ids of the declared competitor set.", repeated=True),
        Column("zone", "STRING", "IANA zone in which the campaign's days are days."),
        Column("start_day", "DATE", "First day of the campaign itself; NULL when open: then there is no before."),
        Column("end_day", "DATE", "Last day, included; NULL when open."),
        Column("languages", "STRING", "Languages of interest; empty: all.", repeated=True),
        Column("news_query", "STRING", "Terms for the news; NULL: made from the hashtag."),
        Column("source", "STRING", "Tweet source of the campaign: sample, archive, x_search, x_stream."),
        Column("news_source", "STRING", "News source of the campaign: sample, archive, newsapi, gdelt."),
        Column("capture_from", "DATE", "First day that is captured, before the campaign's own; NULL: start_day."),
        Column("capture_until", "DATE", "Last day that is captured, after the campaign's own; NULL: end_day."),
    ),
)

TWEET_METRICS = Table(
    "raw",
    "tweet_metrics",
    "Metrics of captured posts read again at fixed ages: one row per campaign, post and age, never changed afterwards.",
    key=("campaign_id", "tweet_id", "age_hours"),
    window_column="created_at",
    cluster_by=("campaign_id", "tweet_id"),
    columns=(
        Column("campaign_id", "STRING", "Campaign."),
        Column("tweet_id", "STRING", "Post."),
        Column("created_at", "TIMESTAMP", "When the post was made, UTC."),
        Column("age_hours", "INT64", "Age that the snapshot stands for, hours."),
        Column("status", "STRING", "measured, deleted (gone at X), unavailable (withheld from us), or missed (nobody asked in time)."),
        Column("reason", "STRING", "Why there is no measurement, in X's words; NULL when measured."),
        Column("observed_at", "TIMESTAMP", "When X answered, UTC; NULL when missed."),
        Column("observed_age_hours", "FLOAT64", "Age of the post at that moment, hours; NULL when missed."),
        Column("like_count", "INT64", "As received; NULL when absent."),
        Column("reply_count", "INT64", "As received; NULL when absent."),
        Column("quote_count", "INT64", "As received; NULL when absent."),
        Column("repost_count", "INT64", "As received; NULL when absent."),
        Column("bookmark_count", "INT64", "As received; NULL when absent."),
        Column("impression_count", "INT64", "As received; NULL when absent."),
    ),
)

API_SPEND = Table(
    "raw",
    "api_spend",
    "What API calls were planned, made and refused by a budget, and what they cost: one row per run, campaign, kind, UTC day and balance of the books.",
    key=("spend_id",),
    window_column="spend_day",
    cluster_by=("api", "campaign_id"),
    columns=(
        Column("spend_id", "STRING", "Hash of api, status, journal, run, campaign, kind and day; of a refusal, of the budget and its period."),
        Column("spend_day", "DATE", "UTC day: X bills a post read twice within one only once."),
        Column("api", "STRING", "x or newsapi."),
        Column("status", "STRING", "planned, used or refused."),
        Column("spent_by_run", "STRING", "Run or command that made the calls."),
        Column("campaign_id", "STRING", "Campaign; NULL for calls that belong to none."),
        Column("kind", "STRING", "search, counts, lookup, stream, news; of a refusal, the budget: run, day, month, posts, snapshots."),
        Column("requests", "INT64", "Calls."),
        Column("posts", "INT64", "Posts read."),
        Column("usd", "FLOAT64", "Listed price, US dollars. An upper bound: X bills a post once a day."),
        Column("prices_as_of", "DATE", "Day of the price list."),
        Column("detail", "STRING", "Of a refusal: what was refused, in words."),
    ),
)

COMPLIANCE_LOG = Table(
    "raw",
    "compliance_log",
    "Posts deleted by duty: that, when and why, without their content. What stands here is never captured again.",
    key=("subject_key",),
    columns=(
        Column("subject_key", "STRING", "Keyed hash of the id, and the kind; the id itself is gone."),
        Column("subject", "STRING", "post or author."),
        Column("reason", "STRING", "deleted, deactivated, suspended, protected or scrub_geo."),
        Column("requested_at", "TIMESTAMP", "When X or the user asked, UTC; NULL when the file does not say."),
        Column("applied_at", "TIMESTAMP", "When it was first applied, UTC."),
        Column("rows_deleted", "INT64", "Rows that went, over all tables and files."),
    ),
)

NEWS_ARTICLES = Table(
    "raw",
    "news_articles",
    "Articles found for each peak: one row per campaign, hashtag, peak day and article.",
    key=("campaign_id", "hashtag", "peak_day", "article_id"),
    window_column="peak_day",
    cluster_by=("campaign_id",),
    columns=(
        Column("campaign_id", "STRING", "Campaign."),
        Column("hashtag", "STRING", "Hashtag of the peak; `*` is the whole campaign."),
        Column("peak_day", "DATE", "Day of most engagement, in the campaign's zone."),
        Column("article_id", "STRING", "Hash of the canonical url, else of title, source and day."),
        Column("url", "STRING", "Canonical link, http(s) only; NULL when unusable."),
        Column("title", "STRING", "Headline as received."),
        Column("description", "STRING", "Standfirst as received; NULL when absent."),
        Column("content", "STRING", "Start of the text as received (NewsAPI cuts near 200 characters); NULL when absent."),
        Column("source_name", "STRING", "Publication."),
        Column("author", "STRING", "Author as received; NULL when absent."),
        Column("language", "STRING", "Language asked for or said by the source; NULL when unknown."),
        Column("published_at", "TIMESTAMP", "When published, UTC; of GDELT when it was first seen, on a quarter of an hour."),
        Column("matched_terms", "STRING", "Search terms found in title or description; of GDELT in the title alone, which is all that it shows.", repeated=True),
        Column("copies", "INT64", "Articles that tell it under an equal or nearly equal title within a day, this one included; NULL in rows of an earlier version."),
        Column("source_names", "STRING", "Publications of these articles, each once, in the order of the alphabet.", repeated=True),
        Column("source", "STRING", "sample, archive, newsapi or gdelt."),
        Column("raw_record", "STRING", "The article as received, JSON text."),
    ),
)

NEWS_REQUESTS = Table(
    "raw",
    "news_requests",
    "One row per peak asked about: what was asked, and the answer's status, so that a page can say why there is no news.",
    key=("campaign_id", "hashtag", "peak_day"),
    window_column="peak_day",
    columns=(
        Column("campaign_id", "STRING", "Campaign."),
        Column("hashtag", "STRING", "Hashtag of the peak; `*` is the whole campaign."),
        Column("peak_day", "DATE", "Day of the peak."),
        Column("source", "STRING", "sample, archive, newsapi or gdelt."),
        Column("query", "STRING", "Query sent."),
        Column("status", "STRING", "ok, no_articles, unavailable_plan_window, rate_limited, budget_spent, too_fresh, unsupported_language or failed."),
        Column("reason", "STRING", "The status in words."),
        Column("articles", "INT64", "Articles kept."),
    ),
)

TWEET_SENTIMENT = Table(
    "ml",
    "tweet_sentiment",
    "Sentiment of each post, or why it has none.",
    key=("campaign_id", "tweet_id"),
    window_column="created_at",
    cluster_by=("campaign_id", "tweet_id"),
    columns=(
        Column("campaign_id", "STRING", "Campaign."),
        Column("tweet_id", "STRING", "Post id."),
        Column("created_at", "TIMESTAMP", "When the post was made, UTC."),
        Column("text_hash", "STRING", "Hash of the text that was scored."),
        Column("sentiment_label", "STRING", "negative, neutral, positive or not_scored."),
        Column("not_scored_reason", "STRING", "Why there is no score: language:xx, empty_text, repost; NULL when scored."),
        Column("p_negative", "FLOAT64", "Probability in [0, 1]; NULL when not scored."),
        Column("p_neutral", "FLOAT64", "Probability in [0, 1]; NULL when not scored."),
        Column("p_positive", "FLOAT64", "Probability in [0, 1]; NULL when not scored."),
        Column("model_id", "STRING", "Model that decided."),
        Column("model_revision", "STRING", "Its revision."),
        Column("code_version", "STRING", "Version of the scoring code."),
    ),
)

# As ml_assets.sentiment.labels has them: the site, which reads the warehouse, knows nothing of the models.
LABELS = ("negative", "neutral", "positive")
# What a correction is of: the three shares, and net sentiment.
CORRECTED = (*LABELS, "net")

POST_LABELS = Table(
    "ml",
    "post_labels",
    "What people say of posts, for comparison with the model: one row per campaign, post and person. No text.",
    key=("campaign_id", "tweet_id", "labelled_by"),
    cluster_by=("campaign_id", "tweet_id"),
    columns=(
        Column("campaign_id", "STRING", "Campaign."),
        Column("tweet_id", "STRING", "Post id."),
        Column("label", "STRING", "negative, neutral or positive."),
        Column("labelled_at", "TIMESTAMP", "When the person said so, or when the label was imported, UTC."),
        Column("labelled_by", "STRING", "Name that the person gave."),
    ),
)

SENTIMENT_CONFUSION = Table(
    "ml",
    "sentiment_confusion",
    "Which labels the model gave to posts that people labelled, by campaign and model, and the correction of shares that follows.",
    key=("campaign_id", "model_id", "model_revision", "code_version"),
    columns=(
        Column("campaign_id", "STRING", "Campaign."),
        Column("model_id", "STRING", "Model that decided."),
        Column("model_revision", "STRING", "Its revision."),
        Column("code_version", "STRING", "Version of the scoring code."),
        Column("labelled", "INT64", "Posts counted: each once, with the label of more than half of the people who labelled it."),
        Column("labelled_by", "STRING", "Names of the people who labelled them.", repeated=True),
        *(Column(f"{true}_as_{label}", "INT64", f"Posts that people call {true} and the model {label}.") for true in LABELS for label in LABELS),
        Column("accuracy", "FLOAT64", "Share of the posts on which people and model agree."),
        Column("kappa", "FLOAT64", "Cohen's kappa of people and model; NULL where it is not defined."),
        *(Column(f"recall_{label}", "FLOAT64", f"Share of the posts that people call {label} and the model too; NULL without such posts.") for label in LABELS),
        Column("reason", "STRING", "Why there is no correction; NULL when there is one."),
        *(
            Column(f"w_{measure}_{label}", "FLOAT64", f"Weight of the share labelled {label} in the corrected {measure}; NULL without a correction.")
            for measure in CORRECTED
            for label in LABELS
        ),
        *(
            Column(f"s_{measure}_{label}", "FLOAT64", f"Variance of the corrected {measure} per squared share of {label}; NULL without a correction.")
            for measure in CORRECTED
            for label in LABELS
        ),
    ),
)

TWEET_SENTIMENT_CANDIDATES = Table(
    "ml",
    "tweet_sentiment_candidates",
    "Scores of originals by models that are not in use, to compare them: `pulse models`. No mart reads them.",
    key=("campaign_id", "tweet_id", "model_id", "model_revision"),
    window_column="created_at",
    cluster_by=("campaign_id", "model_id"),
    columns=TWEET_SENTIMENT.columns,
)

ARTICLE_ENTITIES = Table(
    "ml",
    "article_entities",
    "Organisations and places named in each article: one row per article and distinct name.",
    key=("article_id", "entity_label", "entity_name"),
    columns=(
        Column("article_id", "STRING", "Article."),
        Column("entity_label", "STRING", "ORG, LOC or PERSON."),
        Column("entity_name", "STRING", "Name after merging aliases."),
        Column("surface_forms", "STRING", "Spellings found in the article.", repeated=True),
        Column("mentions", "INT64", "Times named in title, description and content."),
        Column("model_id", "STRING", "Model that decided."),
        Column("model_revision", "STRING", "Its revision."),
        Column("code_version", "STRING", "Version of the code."),
    ),
)

ARTICLE_READINGS = Table(
    "ml",
    "article_readings",
    "What a model found in each article it has read, so that no article is read twice and a killed run goes on where it was.",
    key=("reading_id",),
    columns=(
        Column("reading_id", "STRING", "Hash of the article's words, the model, its languages and the code."),
        Column("article_id", "STRING", "Article."),
        Column("not_read_reason", "STRING", "Why it was not read: language:xx, empty_text; NULL when it was."),
        Column("names", "STRING", "Names as in ml.article_entities, JSON text."),
        Column("model_id", "STRING", "Model that read."),
        Column("model_revision", "STRING", "Its revision."),
        Column("code_version", "STRING", "Version of the entity code."),
    ),
)

DETECTED_PEAKS = Table(
    "ml",
    "detected_peaks",
    "What stands out in each series of a campaign: one row per event, or one that says why a series has none.",
    key=("campaign_id", "peak_id"),
    cluster_by=("campaign_id", "hashtag"),
    columns=(
        Column("peak_id", "STRING", "Hash of campaign, hashtag, series, grain and the event's first hour or day: the same in every run."),
        Column("campaign_id", "STRING", "Campaign."),
        Column("hashtag", "STRING", "Hashtag without the sign; `*` is the whole campaign."),
        Column("series", "STRING", "volume, engagement or negative_share."),
        Column("grain", "STRING", "hour or day."),
        Column("status", "STRING", "notable; or quiet, silent (all zero), too_little_history, unknown: one row, without times and figures."),
        Column("reason", "STRING", "The status in words."),
        Column("points_judged", "INT64", "Hours or days of the series that could be judged."),
        Column("days_known", "INT64", "Days with a known value, in the campaign's zone."),
        Column("start_at", "TIMESTAMP", "Start of the event's first hour or day, UTC."),
        Column("top_at", "TIMESTAMP", "Start of its highest hour or day, UTC."),
        Column("end_at", "TIMESTAMP", "End of its last hour or day, UTC, not included."),
        Column("top_day", "DATE", "Day of the top in the campaign's zone."),
        Column("value", "FLOAT64", "Value at the top: posts, engagements, or a fraction."),
        Column("expected", "FLOAT64", "What the other days let expect there, same unit."),
        Column("score", "FLOAT64", "Robust standard deviations of the top above what was expected, on a scale of logarithms (of a share: of angles)."),
        Column("times_expected", "FLOAT64", "value / expected; NULL when nothing was expected."),
        Column("posts", "INT64", "Captured posts at the top."),
        Column("authors", "INT64", "Their distinct authors."),
        Column("coverage", "FLOAT64", "Captured of counted posts at the top; NULL when nobody counted."),
        Column("is_counted", "BOOL", "True when the value is a count of the source, which needs no coverage; false for captured posts."),
        Column("input_hash", "STRING", "Hash of what the campaign was judged from, and of the code: equal, and nothing is judged again."),
        Column("code_version", "STRING", "Version of the code that judged."),
    ),
)

CAMPAIGN_EFFECTS = Table(
    "ml",
    "campaign_effects",
    "Each measure during and after a campaign against its days before: one row for each hashtag, measure, phase and control.",
    key=("campaign_id", "hashtag", "measure", "phase", "control"),
    cluster_by=("campaign_id", "hashtag"),
    columns=(
        Column("campaign_id", "STRING", "Campaign."),
        Column("hashtag", "STRING", "Hashtag; `*` is the whole campaign."),
        Column("measure", "STRING", "posts, engagement, authors, share_of_voice or net_sentiment."),
        Column("phase", "STRING", "What is compared with the days before: during, the campaign's days, or after, as many days after its end."),
        Column("control", "STRING", "none: the same weekdays before; competitors: these, moved as the competitors moved."),
        Column("unit", "STRING", "Unit of value, baseline, change, low and high."),
        Column("basis", "STRING", "What was measured: counted or captured posts; labels, or labels corrected for the classifier's errors."),
        Column("first_day", "DATE", "First day of the phase, in the campaign's zone."),
        Column("last_day", "DATE", "Its last day, included: the last that was captured whole, at most."),
        Column("baseline_first_day", "DATE", "First day before that was used; NULL when none was."),
        Column("baseline_last_day", "DATE", "Last day before that was used; NULL when none was."),
        Column("days_before", "INT64", "Days before that were used."),
        Column("days_in_phase", "INT64", "Days of the phase that were used."),
        Column("days_left_out", "INT64", "Captured days of both that were not used."),
        Column("left_out_because", "STRING", "Why, with the days of each reason; NULL when none was left out."),
        Column("posts_before", "INT64", "Posts behind the days before: scored ones for net sentiment, of the whole set for share of voice."),
        Column("posts_in_phase", "INT64", "Posts behind the days of the phase."),
        Column("value", "FLOAT64", "The measure in the phase, by the day or as a ratio; NULL when unknown."),
        Column("baseline", "FLOAT64", "What the days before lead to expect of the phase's weekdays; NULL when they cannot."),
        Column("change", "FLOAT64", "value - baseline; NULL when one is."),
        Column("low", "FLOAT64", "Lower end of the 95 % interval of the change; NULL when there is none."),
        Column("high", "FLOAT64", "Its upper end; NULL when there is none."),
        Column("relative_change", "FLOAT64", "change / baseline; NULL when unknown, and for net sentiment."),
        Column("relative_low", "FLOAT64", "Lower end of its 95 % interval; NULL when there is none."),
        Column("relative_high", "FLOAT64", "Upper end; NULL when there is none, also when as good as nothing may have been expected."),
        Column("p_value", "FLOAT64", "Two-sided p-value of no change; NULL when there is no interval."),
        Column("assumption", "STRING", "Under which the change is the campaign's effect."),
        Column("not_comparable_because", "STRING", "Why there is no interval, in words; NULL when there is one."),
        Column("input_hash", "STRING", "Hash of all that was read: a campaign of which it is the same is not judged again."),
        Column("code_version", "STRING", "Version of the arithmetic."),
    ),
)

PEAK_EXPLANATIONS = Table(
    "ml",
    "peak_explanations",
    "What news explains each day that wants an explanation, and how many ordinary days fit that news less well.",
    key=("campaign_id", "hashtag", "peak_day"),
    window_column="peak_day",
    cluster_by=("campaign_id",),
    columns=(
        Column("campaign_id", "STRING", "Campaign."),
        Column("hashtag", "STRING", "Hashtag of the peak; `*` is the whole campaign."),
        Column("peak_day", "DATE", "Day that is explained, in the campaign's zone."),
        Column("verdict", "STRING", "explained, unexplained, too_few_days, no_articles, no_text or other_language."),
        Column("basis", "STRING", "Whose ordinary days were compared: hashtag or campaign."),
        Column("posts_compared", "INT64", "Distinct original texts of the day that were read; at most 500."),
        Column("articles", "INT64", "Articles found for the day."),
        Column("story_id", "STRING", "Id of the earliest article of the best story; NULL when no article shares anything with the posts."),
        Column("headline_article_id", "STRING", "Article whose headline stands for the story; NULL without a story."),
        Column("headline", "STRING", "Its headline as received."),
        Column("story_articles", "INT64", "Distinct texts of the story."),
        Column("story_sources", "INT64", "Publications that carried them."),
        Column("score", "FLOAT64", "Score of the best story in [0, 1]; NULL when nothing could be compared."),
        Column("confidence", "FLOAT64", "Share of the ordinary days whose best story scores lower, ties half; NULL with fewer than five. No probability of a cause."),
        Column("placebo_days", "INT64", "Ordinary days there are to compare with."),
        Column("placebo_lower", "FLOAT64", "Of these, how many score lower, ties half; NULL when nothing was compared."),
        Column("shared_terms", "STRING", "Words of the story that the day's posts use more than ordinary days, as the article writes them.", repeated=True),
        Column("shared_entities", "STRING", "Names of the story of which the same is true.", repeated=True),
        Column("day_terms", "STRING", "Words the day has more of than ordinary days, whether or not an article says them.", repeated=True),
        Column("input_hash", "STRING", "Hash of all that the row depends on; equal inputs are not read again."),
        Column("code_version", "STRING", "Version of the code that explained."),
    ),
)

ARTICLE_EVIDENCE = Table(
    "ml",
    "article_evidence",
    "What speaks for each article of a day that wants an explanation: its score, the parts of the score, and what it shares with the posts.",
    key=("campaign_id", "hashtag", "peak_day", "article_id"),
    window_column="peak_day",
    cluster_by=("campaign_id",),
    columns=(
        Column("campaign_id", "STRING", "Campaign."),
        Column("hashtag", "STRING", "Hashtag of the peak; `*` is the whole campaign."),
        Column("peak_day", "DATE", "Day that is explained, in the campaign's zone."),
        Column("article_id", "STRING", "Article."),
        Column("score", "FLOAT64", "Weighted sum of the parts in [0, 1]; 0 when it shares nothing with the day's posts."),
        Column("names_score", "FLOAT64", "Part in [0, 1] for names that the day's posts mention more than ordinary days."),
        Column("words_score", "FLOAT64", "Part in [0, 1] for words of which the same is true."),
        Column("similarity", "FLOAT64", "Cosine of the day's distinctive words and the article's words, by rarity."),
        Column("time_proximity", "FLOAT64", "1 at the middle of the day's posts, halved each 24 h before and each 8 h after; 0 without a time."),
        Column("source_breadth", "FLOAT64", "Publications of its story on a scale of doublings, 1 from eight on."),
        Column("shared_entities", "STRING", "Shared names.", repeated=True),
        Column("shared_terms", "STRING", "Shared words, as the article writes them.", repeated=True),
        Column("spans", "STRING", "Where title and description say them: JSON list of field, start and end, in code points."),
        Column("story_id", "STRING", "Id of the earliest article of its story."),
        Column("copy_of", "STRING", "Article whose text it repeats; NULL for a text of its own."),
        Column("code_version", "STRING", "Version of the code that compared."),
    ),
)

SUMMARIES = Table(
    "published",
    "summaries",
    "What was known of a campaign at each publication. Added to, never changed; no post, id or author is in it.",
    key=("campaign_id", "published_at"),
    window_column="published_at",
    cluster_by=("campaign_id",),
    columns=(
        Column("campaign_id", "STRING", "Campaign."),
        Column("published_at", "TIMESTAMP", "When it was published, UTC: the time of the clock, whatever days the figures are of."),
        Column("content_hash", "STRING", "Hash of the summary and of the figures; equal content is not published again."),
        Column("summary", "STRING", "The facts of `pulse summary` as they stood, JSON text."),
        Column("schema_version", "INT64", "Version of the fields of `summary`."),
    ),
)

FIGURES = Table(
    "published",
    "figures",
    "The figures of each publication, one row each: the whole campaign and the followed hashtags, by day and over all days.",
    key=("campaign_id", "published_at", "hashtag", "period", "figure"),
    window_column="published_at",
    cluster_by=("campaign_id", "hashtag"),
    columns=(
        Column("campaign_id", "STRING", "Campaign."),
        Column("published_at", "TIMESTAMP", "When it was published, UTC; the same as in published.summaries."),
        Column("hashtag", "STRING", "Hashtag without the sign; `*` is the whole campaign."),
        Column("period", "STRING", "`whole`, or the day as YYYY-MM-DD: part of the key, which holds no NULL."),
        Column("day", "DATE", "Day in the campaign's zone; NULL for all days together."),
        Column("figure", "STRING", "Name of the measure, as in the mart it is from; see docs/glossary.md."),
        Column("value", "FLOAT64", "As it was published; NULL when it was unknown."),
        Column("unit", "STRING", "posts, authors, engagements or ratio."),
    ),
)

ALERTS = Table(
    "published",
    "alerts",
    "The outbox of alerts: one row for each alert and channel, written before anything is sent, and changed by each try.",
    key=("alert_id", "channel"),
    window_column="decided_at",
    cluster_by=("campaign_id",),
    columns=(
        Column("alert_id", "STRING", "Hash of what the event was when it was first seen: of a peak its campaign, hashtag, series, grain and start; of a failure its run."),
        Column("channel", "STRING", "log, webhook or mail."),
        Column("kind", "STRING", "peak or failure."),
        Column("campaign_id", "STRING", "Campaign; `(none)` for a failed run that belongs to none."),
        Column("hashtag", "STRING", "Hashtag; `*` is the whole campaign. Of a failure the job."),
        Column("series", "STRING", "volume, engagement or negative_share; runs for a failure."),
        Column("grain", "STRING", "hour or day; run for a failure."),
        Column("start_at", "TIMESTAMP", "Start of the event, UTC; the earliest that was seen."),
        Column("end_at", "TIMESTAMP", "End of the event, not included, UTC; the latest that was seen."),
        Column("top_at", "TIMESTAMP", "Its top hour or day, or the time of the failure, UTC."),
        Column("value", "FLOAT64", "Value at the top, in the unit of the series, when it was decided."),
        Column("expected", "FLOAT64", "What was expected there."),
        Column("times_expected", "FLOAT64", "value / expected; NULL where nothing was expected."),
        Column("score", "FLOAT64", "Robust score of the event."),
        Column("coverage", "FLOAT64", "Captured / counted of the top; NULL when nobody counted."),
        Column("subject", "STRING", "Subject of the message."),
        Column("sentence", "STRING", "Text of the message, as it was or will be sent."),
        Column("link", "STRING", "The page, at campaign, hashtag and day; NULL for a failure."),
        Column("state", "STRING", "pending, sent, suppressed (by the cool-down) or failed (refused for good)."),
        Column("reason", "STRING", "Why it is not sent (yet); NULL when it is."),
        Column("attempts", "INT64", "Tries so far."),
        Column("decided_at", "TIMESTAMP", "When it was decided on, UTC."),
        Column("next_try_at", "TIMESTAMP", "When it is tried next, UTC; NULL when it is not."),
        Column("sent_at", "TIMESTAMP", "When the receiver took it, UTC; NULL before."),
    ),
)

TABLES = (
    CAMPAIGNS,
    TWEETS,
    CAPTURE_LEDGER,
    DEAD_LETTERS,
    TWEET_METRICS,
    API_SPEND,
    COMPLIANCE_LOG,
    NEWS_ARTICLES,
    NEWS_REQUESTS,
    TWEET_SENTIMENT,
    POST_LABELS,
    SENTIMENT_CONFUSION,
    TWEET_SENTIMENT_CANDIDATES,
    ARTICLE_ENTITIES,
    ARTICLE_READINGS,
    DETECTED_PEAKS,
    CAMPAIGN_EFFECTS,
    PEAK_EXPLANATIONS,
    ARTICLE_EVIDENCE,
    SUMMARIES,
    FIGURES,
    ALERTS,
)
