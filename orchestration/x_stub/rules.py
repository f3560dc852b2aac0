"""GET and POST /2/tweets/search/stream/rules."""

from typing import Any

from orchestration.sources.x.query import LONGEST_ARCHIVE, parse, problems
from orchestration.x_stub.answers import PROBLEMS, Reply, invalid_request
from orchestration.x_stub.desk import Call, Desk, Rule
from orchestration.x_stub.fields import listed
from orchestration.x_stub.parameters import only_known
from orchestration.x_stub.store import stamp

MOST_RULES = 1_000
LONGEST_RULE = LONGEST_ARCHIVE
FIRST_ID = 1_165_037_377_523_306_497


def listed_rules(desk: Desk, call: Call) -> Reply:
    only_known(call.parameters, frozenset({"ids", "max_results", "pagination_token"}))
    wanted = set(listed(call.parameters.get("ids")))
    found = [_shown(rule) for rule in desk.rules.values() if not wanted or rule.id in wanted]
    body: dict[str, Any] = {"data": found} if found else {}
    return Reply(200, {**body, "meta": {"sent": stamp(call.now), "result_count": len(found)}})


def changed_rules(desk: Desk, call: Call) -> Reply:
    """Adds or deletes; with dry_run=true only says what would happen."""
    only_known(call.parameters, frozenset({"dry_run", "delete_all"}))
    dry_run = call.parameters.get("dry_run", "false").lower() == "true"
    body = call.body if isinstance(call.body, dict) else {}
    if ("add" in body) == ("delete" in body):
        raise invalid_request([{"message": "You must specify either `add` or `delete`, and not both."}])
    return _add(desk, call, body["add"], dry_run) if "add" in body else _delete(desk, call, body["delete"], dry_run)


def _add(desk: Desk, call: Call, wanted: Any, dry_run: bool) -> Reply:
    if not isinstance(wanted, list) or not wanted or not all(isinstance(each, dict) and isinstance(each.get("value"), str) for each in wanted):
        raise invalid_request([{"parameters": {"add": [str(wanted)[:200]]}, "message": "`add` must be a list of objects with a `value`."}])
    if len(desk.rules) + len(wanted) > MOST_RULES:
        over = f"Your app has {len(desk.rules)} rules and may have {MOST_RULES}."
        raise invalid_request([{"title": "RulesCapExceeded", "detail": over, "message": over, "type": f"{PROBLEMS}rule-cap"}])
    known = {rule.value: rule.id for rule in desk.rules.values()}
    made: list[Rule] = []
    errors: list[dict[str, Any]] = []
    duplicates = 0
    for each in wanted:
        value = each["value"]
        if value in known:
            duplicates += 1
            errors.append({"value": value, "id": known[value], "title": "DuplicateRule", "type": f"{PROBLEMS}duplicate-rules"})
            continue
        wrong = problems(value, LONGEST_RULE, stream=True)
        if wrong:
            errors.append({"value": value, "details": wrong, "title": "UnprocessableEntity", "type": f"{PROBLEMS}invalid-rules"})
            continue
        rule = Rule(str(FIRST_ID + desk.rules_made + len(made)), value, each.get("tag"), parse(value))
        made.append(rule)
        known[value] = rule.id
    # One that X cannot read keeps all of them out; one that is there already does not.
    if len(errors) > duplicates:
        made = []
    summary = {"created": len(made), "not_created": len(wanted) - len(made), "valid": len(made), "invalid": len(errors)}
    if not dry_run:
        desk.rules |= {rule.id: rule for rule in made}
        desk.rules_made += len(made)
    answer: dict[str, Any] = {"data": [_shown(rule) for rule in made]} if made else {}
    answer["meta"] = {"sent": stamp(call.now), "summary": summary}
    if errors:
        answer["errors"] = errors
    return Reply(201 if made else 200, answer)


def _delete(desk: Desk, call: Call, wanted: Any, dry_run: bool) -> Reply:
    wanted = wanted if isinstance(wanted, dict) else {}
    ids, values = wanted.get("ids") or [], wanted.get("values") or []
    if not isinstance(ids, list) or not isinstance(values, list) or not ids + values:
        raise invalid_request([{"message": "`delete` must have a list of `ids` or of `values`."}])
    by_value = {rule.value: rule.id for rule in desk.rules.values()}
    named = [*map(str, ids), *(by_value.get(value, value) for value in values)]
    found = [each for each in dict.fromkeys(named) if each in desk.rules]
    if not dry_run:
        for each in found:
            del desk.rules[each]
    errors = [
        {"errors": [{"message": f"Rule does not exist: {each}", "parameters": {}}], "title": "Invalid Request", "type": f"{PROBLEMS}invalid-request"}
        for each in named
        if each not in found
    ]
    summary = {"deleted": len(found), "not_deleted": len(named) - len(found)}
    return Reply(200, {"meta": {"sent": stamp(call.now), "summary": summary}} | ({"errors": errors} if errors else {}))


def _shown(rule: Rule) -> dict[str, Any]:
    return {"id": rule.id, "value": rule.value} | ({"tag": rule.tag} if rule.tag is not None else {})
