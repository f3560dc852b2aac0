"""Rules of the filtered stream: one for each query of the campaigns that stream now; rules of others are left alone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from orchestration.campaigns import Campaign
from orchestration.sources.x.client import XClient
from orchestration.sources.x.errors import BadQuery, ContractChanged
from orchestration.sources.x.query import Query, QueryError, parse, problems
from orchestration.windows import Window

PATH = "/2/tweets/search/stream/rules"
SOURCE = "x_stream"
# Campaign ids hold neither : nor , so a tag can name several campaigns of one query.
PREFIX, BETWEEN = "pulse:", ","
# docs.x.com /x-api/fundamentals/rate-limits, pay-per-use.
MOST_RULES, LONGEST_RULE = 1_000, 1_024
AT_ONCE = 100
DUPLICATE = "DuplicateRule"


@dataclass(frozen=True, order=True)
class Rule:
    """`tag` names the campaigns: `pulse:<campaign_id>`, several of the same query parted by commas."""

    value: str
    tag: str


@dataclass(frozen=True)
class Existing:
    """A rule as X has it."""

    id: str
    value: str
    tag: str | None

    @property
    def is_ours(self) -> bool:
        return bool(campaigns_of_tag(self.tag))


@dataclass(frozen=True)
class Plan:
    add: tuple[Rule, ...]
    remove: tuple[Existing, ...]


@dataclass(frozen=True)
class RuleBook:
    """Whose posts the rules at X bring: campaigns by rule id, and their queries for lines that do not say which rule matched."""

    campaigns: tuple[str, ...]
    by_id: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    foreign: frozenset[str] = frozenset()
    queries: tuple[tuple[tuple[str, ...], Query], ...] = ()

    def campaigns_of(self, matching: Any, record: Mapping[str, Any]) -> tuple[tuple[str, ...], bool]:
        """The campaigns of a post, and whether only rules of somebody else matched it."""
        found: dict[str, None] = {}
        foreign = False
        # Legal, and seen in archives: no tag, a tag that is null, an id that is a number.
        for rule in matching if isinstance(matching, list) else ():
            if not isinstance(rule, dict):
                continue
            ours = campaigns_of_tag(rule.get("tag")) or self.by_id.get(str(rule.get("id")), ())
            found |= dict.fromkeys(ours)
            foreign |= not ours and (bool(rule.get("tag")) or str(rule.get("id")) in self.foreign)
        if not found and not foreign:
            found = {one: None for campaigns, query in self.queries if query.matches(record, fold=False) for one in campaigns}
        return tuple(found), foreign and not found


def campaigns_of_tag(tag: Any) -> tuple[str, ...]:
    """Campaigns that a tag of ours names; none for another's."""
    if not isinstance(tag, str) or not tag.startswith(PREFIX):
        return ()
    return tuple(part for part in tag.removeprefix(PREFIX).split(BETWEEN) if part)


def wanted(campaigns: Iterable[Campaign], now: datetime) -> list[Rule]:
    """A rule for each query of the campaigns that stream at `now`. Raises BadQuery that names the campaign."""
    by_value: dict[str, list[str]] = {}
    moment = Window(now, now + timedelta(seconds=1))
    for campaign in campaigns:
        if campaign.source != SOURCE or not campaign.is_active_in(moment):
            continue
        value = stream_query(campaign)
        by_value.setdefault(value, []).append(campaign.campaign_id)
    if len(by_value) > MOST_RULES:
        last = list(by_value.values())[MOST_RULES]
        raise BadQuery(f"X takes {MOST_RULES:,} rules; {last[0]} would be the next. End campaigns, or read some by search (source x_search).")
    return [Rule(value, PREFIX + BETWEEN.join(sorted(ids))) for value, ids in by_value.items()]


def stream_query(campaign: Campaign) -> str:
    """The campaign's query as a rule, else its hashtags. Raises BadQuery that names the campaign."""
    value = campaign.x_query
    if not value:
        raise BadQuery(
            f"Campaign {campaign.campaign_id} has neither a query nor hashtags, so there is nothing to stream. Give it one:  "
            f"pulse campaigns add {campaign.campaign_id} --name NAME --source x_stream --query '#tag'"
        )
    if wrong := problems(value, LONGEST_RULE, stream=True):
        raise BadQuery(f"The query of campaign {campaign.campaign_id} is no rule of a stream. {wrong[0]}")
    return value


def plan(rules: Iterable[Rule], existing: Iterable[Existing]) -> Plan:
    """What makes X's rules those wanted. Only rules with a tag of ours are ever removed."""
    rules, existing = list(rules), list(existing)
    keep = {(rule.value, rule.tag) for rule in rules}
    have = {(rule.value, rule.tag) for rule in existing}
    # X holds a value once, whoever added it.
    others = {rule.value for rule in existing if not rule.is_ours}
    add = tuple(rule for rule in rules if (rule.value, rule.tag) not in have and rule.value not in others)
    return Plan(add, tuple(rule for rule in existing if rule.is_ours and (rule.value, rule.tag) not in keep))


def existing_rules(client: XClient) -> list[Existing]:
    """Raises XError."""
    body = client.get(PATH, {}).body
    rules = body.get("data") or []
    try:
        return [Existing(str(rule["id"]), str(rule["value"]), tag if isinstance(tag := rule.get("tag"), str) else None) for rule in rules]
    except (KeyError, TypeError, AttributeError):
        raise ContractChanged(f"X's rules have a form that is not known here: {str(rules)[:120]}") from None


def synchronise(client: XClient, rules: Sequence[Rule]) -> tuple[Plan, RuleBook]:
    """Makes X's rules those wanted; what was done, and whose posts come now. Raises XError, BadQuery that names the campaign."""
    before = existing_rules(client)
    planned = plan(rules, before)
    new = {rule.value for rule in planned.add}
    # X knows a rule by its value: one whose tag changes must go first. Any other goes last, so that nothing is uncovered.
    _remove(client, [rule for rule in planned.remove if rule.value in new])
    for start in range(0, len(planned.add), AT_ONCE):
        _add(client, planned.add[start : start + AT_ONCE])
    _remove(client, [rule for rule in planned.remove if rule.value not in new])
    after = existing_rules(client) if planned.add or planned.remove else before
    return planned, book_of(rules, after)


def book_of(rules: Sequence[Rule], existing: Iterable[Existing]) -> RuleBook:
    """Raises BadQuery when a rule that is wanted is not there."""
    of_value = {rule.value: campaigns_of_tag(rule.tag) for rule in rules}
    by_id: dict[str, tuple[str, ...]] = {}
    foreign, present = set(), set()
    for rule in existing:
        # A query that somebody else streams already: X has it once, and its posts are ours as well.
        if ours := campaigns_of_tag(rule.tag) or of_value.get(rule.value, ()):
            by_id[rule.id] = ours
            present.add(rule.value)
        else:
            foreign.add(rule.id)
    if missing := [campaigns for value, campaigns in of_value.items() if value not in present]:
        raise BadQuery(f"X did not take the rule of campaign {missing[0][0]}, and does not say why. Try again:  pulse stream rules")
    campaigns = sorted({one for ours in of_value.values() for one in ours})
    return RuleBook(tuple(campaigns), by_id, frozenset(foreign), tuple(_queries(of_value)))


def _queries(of_value: Mapping[str, tuple[str, ...]]) -> Iterable[tuple[tuple[str, ...], Query]]:
    for value, campaigns in of_value.items():
        try:
            yield campaigns, parse(value)
        except QueryError:
            continue


def _remove(client: XClient, rules: Sequence[Existing]) -> None:
    for start in range(0, len(rules), AT_ONCE):
        client.post(PATH, {"delete": {"ids": [rule.id for rule in rules[start : start + AT_ONCE]]}})


def _add(client: XClient, rules: Sequence[Rule]) -> None:
    body = client.post(PATH, {"add": [{"value": rule.value, "tag": rule.tag} for rule in rules]}).body
    tags = {rule.value: rule.tag for rule in rules}
    errors = body.get("errors")
    for error in errors if isinstance(errors, list) else []:
        if not isinstance(error, dict) or error.get("title") == DUPLICATE:
            continue
        named = campaigns_of_tag(tags.get(str(error.get("value"))))
        details = error.get("details")
        said = "; ".join(map(str, details if isinstance(details, list) and details else [error.get("detail") or error.get("title")]))
        raise BadQuery(f"X does not take the rule of campaign {named[0] if named else '?'}: {said[:300]} Mend its query in campaigns.csv.")
