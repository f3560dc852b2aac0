"""Whatever X does and whenever we are killed: in the end the hour holds its true first posts, each once."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.sources.base import SourceError
from orchestration.sources.x.page_store import PageStore
from tests.contract.conftest import START, WINDOW, ids, post, spread

HEALING = ["503_json", "503_html", "200_html", "200_truncated_json", "429_with_reset", "duplicates", "empty_page_with_token", "half_response"]
MOST_TRIES = 40


@st.composite
def stories(draw):
    """Posts of an hour, a cap, and what befalls the requests: a fault, or a kill after so many pages."""
    count = draw(st.integers(0, 420))
    even = draw(st.booleans())
    posts = spread(count) if even else [post(START.replace(minute=draw(st.integers(0, 59))), order=number) for number in range(count)]
    faults = draw(st.lists(st.tuples(st.integers(1, 9), st.sampled_from(HEALING)), max_size=5, unique_by=lambda fault: fault[0]))
    kills = draw(st.lists(st.integers(1, 4), max_size=3))
    return posts, draw(st.integers(1, 450)), faults, kills


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stories())
def test_any_interleaving_of_pages_duplicates_limits_and_kills_ends_in_the_true_first_posts(x, tmp_path_factory, story):
    posts, cap, faults, kills = story
    x.holds(posts)
    for nth, kind in faults:
        x.fault(kind, nth=nth, seconds=1)
    store = PageStore(tmp_path_factory.mktemp("pages"))
    kills = list(kills)
    for _ in range(MOST_TRIES):
        try:
            capture = x.fetch(cap=cap, store=store, dies_after=kills.pop() if kills else None)
            break
        except (SourceError, KeyboardInterrupt):
            continue
    true = [each["id"] for each in x.posts]
    assert ids(capture) == true[:cap] and capture.hours[0].capped == (len(true) > cap)
    # And again, with nothing in the way: equal.
    x.clear_faults()
    source = x.source(store=store)
    source.landed(WINDOW, x.query())
    assert ids(x.fetch(cap=cap, store=store)) == ids(capture)
