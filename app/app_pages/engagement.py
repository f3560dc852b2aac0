"""What people did with the posts, when, and how it compares with the days before."""

from datetime import UTC, datetime, timedelta

import pandas as pd
import streamlit as st

from app import charts, data, frame, parts, shaping
from app.figures import Figures
from app.frame import View
from app.panels import Shown, draw, number_column, palette, panel, share_column
from app.shaping import hour_of_week, hours_of, is_whole, kinds_of, period_before
from app.states import Nothing, State
from app.text import day_name, number, percent, period_name, plain

FEWEST_DAYS = 7


def show(view: View) -> None:
    view.ahead(("hours",), ("peaks",))
    frame.header(view, "Engagement")
    panel(view, "Engagement by type", "kinds", lambda: _kinds(view), term="engagement")
    panel(
        view,
        "When it happens",
        "week",
        lambda: _week(view),
        help_more="Mean of the hours of each weekday and hour of day.",
    )
    panel(
        view,
        "Peaks",
        "peaks",
        lambda: _peaks(view),
        help_more="Hours and days far above what the weekday and hour lead one to expect.",
    )
    panel(view, "Beside the period before", "before", lambda: _before(view), term="change")


def _kinds(view: View) -> Shown:
    days = view.shown_days
    kinds = kinds_of(days)
    if kinds.isna().all():
        raise Nothing(
            "The source gives no likes, reposts, replies or quotes for these posts.",
            "Archives of texts alone have none.",
            State.REFUSED,
        )
    total = kinds.sum()
    said = f"Engagement by type, {period_name(view.start, view.end)}: " + ", ".join(
        f"{name} {number(count)}" + (f" ({percent(count / total)})" if total and pd.notna(count) else "") for name, count in kinds.items()
    ) + "."  # fmt: skip
    unknown = [name for name, count in kinds.items() if pd.isna(count)]
    notes = said + (f" Not known: {', '.join(unknown)}." if unknown else "") + " Of original posts; bookmarks are no part of it."
    table = days[["day", "engagement", "like_count", "repost_count", "reply_count", "quote_count", "originals", "coverage"]]
    columns = {
        "day": st.column_config.DateColumn("Day", format="YYYY-MM-DD"), "coverage": share_column("Coverage", "coverage"),
        **{name: number_column(label, name) for name, label in (
            ("engagement", "Engagement"), ("like_count", "Likes"), ("repost_count", "Reposts"), ("reply_count", "Replies"), ("quote_count", "Quotes"),
            ("originals", "Original posts"),
        )},
    }  # fmt: skip
    return Shown(table, said, notes, {"Chart": lambda: draw(charts.by_type, days, palette(), said=said)}, columns)


def _week(view: View) -> Shown:
    hours = hours_of(data.load("hours", view.campaign_id, view.hashtag), view.shown_zone, view.zone, *view.period)
    if hours.empty:
        raise Nothing("No captured hour has posts in these days.", "Choose more days or the whole campaign.", State.FILTERED)
    cells = hour_of_week(hours)
    value = "engagement" if cells["engagement"].notna().any() else "posts"
    top = cells.loc[cells[value].astype(float).idxmax()]
    title = "Mean engagement an hour" if value == "engagement" else "Mean posts an hour"
    said = f"{title} by weekday and hour of day in {view.shown_zone}: most on {top['weekday']} at {int(top['hour'])} h, {number(top[value])}."
    notes = said
    if (view.end - view.start) < timedelta(days=4 * FEWEST_DAYS):
        notes += f" A cell is the mean of {number(cells['hours'].min())} to {number(cells['hours'].max())} hours: one event can make a cell. Four weeks tell a rhythm."
    columns = {"weekday": "Weekday", "hour": number_column("Hour"), "posts": number_column("Posts, mean", "posts", "%.1f"),
               "engagement": number_column("Engagement, mean", "engagement", "%.1f"), "hours": number_column("Mean of hours")}  # fmt: skip
    forms = (
        {"Engagement": lambda: draw(charts.heat_map, cells, "engagement", "Mean engagement an hour", palette(), said=said)}
        if value == "engagement"
        else {}
    )
    forms["Posts"] = lambda: draw(charts.heat_map, cells, "posts", "Mean posts an hour", palette(), said=said)
    return Shown(cells, said, notes, forms, columns)


def _peaks(view: View) -> Shown:
    found = data.load("peaks", view.campaign_id, view.hashtag)
    if found.empty:
        return _most(view)
    found = found[(found["top_day"] >= view.start) & (found["top_day"] < view.end)]
    if found.empty:
        raise Nothing(f"No hour or day of {period_name(view.start, view.end)} stands out.", "Choose more days.", State.FILTERED)
    table = pd.DataFrame(
        {
            "Day": pd.to_datetime(found["top_day"]),
            "Series": found["series"].map(lambda name: plain(name.replace("_", " "), 40)),
            "Grain": found["grain"],
            "From": shaping.local(found["start_at"], view.shown_zone),
            "Value": found["value"],
            "Expected": found["expected"],
            "Times": found["times_expected"],
            "Posts": found["posts"],
            "Authors": found["authors"],
            "Coverage": found["coverage"],
            "Score": found["score"],
        }
    )
    columns = {
        "Day": st.column_config.DateColumn(format="YYYY-MM-DD"), "From": st.column_config.DatetimeColumn(format="D MMM, HH:mm"),
        "Value": number_column("Value"), "Expected": number_column("Expected", None, "%.1f"), "Times": number_column("Times expected", None, "%.1f ×"),
        "Posts": number_column("Posts", "posts"), "Authors": number_column("Authors", "authors"), "Coverage": share_column("Coverage", "coverage"),
        "Score": number_column("Score", None, "%.1f"),
    }  # fmt: skip
    return Shown(
        table,
        f"{len(table)} peaks in {period_name(view.start, view.end)}.",
        f"Times of day in {view.shown_zone}.",
        columns=columns,
    )


def _most(view: View) -> Shown:
    """The days of most engagement, where no peaks are built."""
    known = view.shown_days.dropna(subset=["engagement"])
    top = known[known["engagement"] > 0].sort_values(["engagement", "day"], ascending=[False, True], kind="stable").head(5)
    if top.empty:
        raise Nothing("No engagement is known, so no day stands out.")
    middle = known["engagement"].median()
    table = pd.DataFrame(
        {
            "Day": pd.to_datetime(top["day"]), "Engagement": top["engagement"], "Times": top["engagement"] / middle if middle else None,
            "Posts": top["posts"], "Authors": top["authors"], "Coverage": top["coverage"],
        }
    )  # fmt: skip
    first = view.shown_peak
    said = (
        f"The days of most engagement: first {day_name(first['day'])} with {number(first['engagement'])}."
        if first is not None
        else "The days of most engagement."
    )
    columns = {
        "Day": st.column_config.DateColumn(format="ddd D MMM YYYY"), "Engagement": number_column("Engagement", "engagement"),
        "Times": number_column("Times the middle day", None, "%.1f ×"), "Posts": number_column("Posts", "posts"), "Authors": number_column("Authors", "authors"),
        "Coverage": share_column("Coverage", "coverage"),
    }  # fmt: skip
    return Shown(table, said, said, columns=columns, after=lambda: parts.trace(view, ["peak_day"], "How the peak day comes about"))


def _before(view: View) -> Shown:
    now, before = view.shown_days, period_before(view.days, view.start, view.end)
    length = view.end - view.start
    if before.empty:
        raise Nothing(
            f"The {length.days} days before {view.start} were not captured, so there is nothing to compare with.",
            "Choose a shorter period at the end, for example 7 days.", State.FILTERED if view.is_whole else State.NO_DATA,
        )  # fmt: skip
    rows = []
    hours, today = data.settings().engagement_age_hours, datetime.now(UTC).date()
    empty = pd.DataFrame({name: [] for name in ("negative", "neutral", "positive", "scored")})
    one, other = (Figures.of(days, empty, None, hours, today) for days in (now, before))
    for label, measure in (
        ("Posts", "posts"),
        ("Original posts", "originals"),
        ("Reposts", "reposts"),
        ("Engagement", "engagement"),
        ("Engagement per post", "engagement_per_post"),
    ):
        value, earlier = getattr(one, measure), getattr(other, measure)
        known = value is not None and earlier not in (None, 0)
        rows.append(
            (
                label,
                value,
                earlier,
                None if value is None or earlier is None else value - earlier,
                value / earlier - 1 if known else None,
            )
        )
    table = pd.DataFrame(rows, columns=["Measure", "Now", "Before", "Change", "Relative"])
    was = period_name(view.start - length, view.start)
    said = f"{period_name(view.start, view.end)} beside {was}: " + "; ".join(
        f"{row.Measure.lower()} {row.Relative:+.1%}" for row in table.itertuples() if pd.notna(row.Relative)
    ) + "."  # fmt: skip
    notes = said + " A change of the figures, no proof of a cause."
    if not (is_whole(before, view.start - length, view.start) and is_whole(now, view.start, view.end)):
        notes += " Not every day of both periods was captured: the two are not alike."
    waiting = int(now["engagement_waiting"].sum() + before["engagement_waiting"].sum())
    if waiting:
        notes += f" {number(waiting)} posts are still to be measured: engagement still grows."
    columns = {name: number_column(name) for name in ("Now", "Before", "Change")} | {"Relative": share_column("Relative", "relative_change")}
    return Shown(table.round({"Now": 1, "Before": 1, "Change": 1}), said, notes, columns=columns)


show(frame.current())
