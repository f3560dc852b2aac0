"""Dataset `ml`: what models and statistics said, and what people say of the models."""

from orchestration.warehouse.tables.definition import Column, Table

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
