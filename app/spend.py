"""The place of the page that says what reading from X has cost; absent for campaigns that cost nothing."""

from datetime import UTC, date, datetime

import pandas as pd
import streamlit as st

from app import data
from app.auth.current import current_identity
from app.text import number, plain, spend_sentences, usd
from orchestration.settings import Settings
from orchestration.warehouse.errors import TableMissing


def show(campaign_id: str) -> None:
    """The expander, when the campaign has planned, paid or refused calls this month."""
    month = datetime.now(UTC).date().replace(day=1)
    spend = _this_month(month)
    if spend.empty or campaign_id not in set(spend["campaign_id"]):
        return
    with st.expander("What the reading cost"):
        settings = Settings()
        # The budget is everybody's, and so is what others spent of it; a reader of some campaigns sees theirs.
        of_all = current_identity().campaigns is None
        for sentence in spend_sentences(spend, campaign_id, month, settings.x_budget_month_usd, settings.x_budget_month_posts, of_all):
            st.text(sentence)
        shown = pd.DataFrame(
            {
                "Campaign": spend["campaign_id"].map(lambda each: plain(each, 60)),
                "Used, USD": spend["used_usd"],
                "Planned, USD": spend["planned_usd"],
                "Posts read": spend["posts"],
                "Calls": spend["requests"],
                "Refused by a budget": spend["refused"],
            }
        )
        money = st.column_config.NumberColumn(format="%.2f")
        st.dataframe(
            shown,
            hide_index=True,
            column_config={"Used, USD": money, "Planned, USD": money},
            alt=f"{usd(spend['used_usd'].sum())} USD for {number(spend['posts'].sum())} posts read by {len(shown)} campaigns this month.",
        )


def _this_month(month: date) -> pd.DataFrame:
    """Empty too where no run of this version has made the table."""
    try:
        return data.load("spend", month)
    except TableMissing:
        return pd.DataFrame()
