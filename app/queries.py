"""Every question the site asks, as parameterised SQL on the marts; answers are data frames with these columns."""

from app.questions.base import TABLES
from app.questions.campaigns import CampaignQuestions
from app.questions.engagement import EngagementQuestions
from app.questions.news import NewsQuestions
from app.questions.peaks import PeakQuestions
from app.questions.posts import PostQuestions
from app.questions.reports import ReportQuestions
from app.questions.sentiment import SentimentQuestions
from app.questions.topics import TopicQuestions

WHOLE_CAMPAIGN = "*"

__all__ = ["TABLES", "WHOLE_CAMPAIGN", "Marts"]


class Marts(
    CampaignQuestions,
    EngagementQuestions,
    SentimentQuestions,
    TopicQuestions,
    NewsQuestions,
    PeakQuestions,
    PostQuestions,
    ReportQuestions,
):
    """All of them. Raises WarehouseError: TableMissing before the first run, ColumnMissing where the marts are of an earlier version."""
