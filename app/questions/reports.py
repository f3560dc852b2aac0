"""What was published, and when: reports that reopen as they stood."""

from datetime import datetime

import pandas as pd

from app.questions.base import Questions
from orchestration.publications import history
from orchestration.warehouse.tables import FIGURES


class ReportQuestions(Questions):
    def publications(self, campaign_id: str) -> pd.DataFrame:
        """published_at (UTC), schema_version, summary (JSON text): the first one first; empty before the first run that publishes."""
        return pd.DataFrame(history(self._warehouse, campaign_id))

    def published_days(self, campaign_id: str, hashtag: str, moment: datetime) -> pd.DataFrame:
        """day, figure, value, unit as published at `moment`: of each day, of the whole campaign or a followed hashtag."""
        return self._frame(
            f"""
            select day, figure, value, unit from {self._warehouse.qualified(FIGURES)}
            where campaign_id = @campaign and hashtag = @hashtag and published_at = @moment and day is not null order by day, figure
            """,
            campaign=campaign_id,
            hashtag=hashtag,
            moment=moment,
        )
