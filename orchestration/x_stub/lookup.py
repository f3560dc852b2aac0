"""GET /2/tweets: posts by id."""

import re
from typing import Any

from orchestration.x_stub.answers import Reply, invalid, not_seen
from orchestration.x_stub.desk import Call, Desk
from orchestration.x_stub.fields import Shape, listed
from orchestration.x_stub.parameters import only_known
from orchestration.x_stub.search import PARTIAL, spoiled
from orchestration.x_stub.store import DELETED

PARAMETERS = frozenset({"ids", "expansions", "media.fields", "poll.fields", "user.fields", "place.fields"})
MOST_IDS = 100


def by_ids(desk: Desk, call: Call) -> Reply:
    asked = call.parameters
    only_known(asked, PARAMETERS | {f"{desk.vocabulary}.fields"})
    ids = listed(asked.get("ids"))
    if not 1 <= len(ids) <= MOST_IDS:
        raise invalid("ids", asked.get("ids", ""), f"The number of values in the `ids` query parameter list [{len(ids)}] is not between 1 and {MOST_IDS}")
    for each in ids:
        if not re.fullmatch(r"\d{1,19}", each):
            raise invalid("ids", each, f"The `ids` query parameter value [{each}] is not valid")
    shape = Shape.asked(asked, desk.vocabulary, desk.growth_hours)
    seen, errors = [], []
    for each in dict.fromkeys(ids):
        stored = desk.store.by_id.get(each)
        reason = desk.store.why_gone(stored) if stored else None
        if stored is None or reason or stored.ms > call.now_ms:
            errors.append(not_seen(each, suspended=reason not in {None, DELETED}))
        else:
            seen.append(stored)
    includes, missing = shape.includes(seen, desk.store, call.now_ms)
    errors += missing + (PARTIAL if call.fault("partial_errors") else [])
    body: dict[str, Any] = {}
    if seen:
        body["data"] = spoiled([shape.post(each, call.now_ms) for each in seen], call)
    if includes:
        body["includes"] = includes
    if errors:
        body["errors"] = errors
    posts = [each.id for each in seen] + [each["id"] for each in includes.get("tweets", includes.get("posts", []))]
    return Reply(200, body, posts=posts, users=[each["id"] for each in includes.get("users", [])])
