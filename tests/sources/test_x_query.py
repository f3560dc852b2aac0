"""X's search language: which posts a query finds, and why X would refuse it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.sources.x.query import LONGEST_RECENT, QueryError, parse, problems


def post(text="hello", **fields):
    return {"id": "1", "text": text, "author_id": "7", **fields}


def finds(query, record, **how):
    return parse(query).matches(record, **how)


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("trail", "the TRAIL, again", True),
        ("trail", "trails", False),
        ("trail", "#Trail", True),
        ("trail", "#AuroraTrail", False),
        ('"aurora trail"', "Aurora-Trail!", True),
        ('"aurora trail"', "trail aurora", False),
        ("trail shoes", "shoes for the trail", True),
        ("trail shoes", "trail only", False),
        ("trail OR shoes", "shoes", True),
        ("trail -shoes", "trail shoes", False),
        ("trail -shoes", "trail", True),
        ("-(shoes OR boots) trail", "trail boots", False),
        ("don't", "I DON'T", True),
        ("🏃", "go 🏃🏽 go", True),
        ("東京", "今日は東京です", True),
        ('"Aurora Trail"', "Aurora Trailで京都", True),
        ("ＴＲＡＩＬ", "trail", True),
    ],
)
def test_words_and_phrases_are_found_as_whole_words(query, text, found):
    assert finds(query, post(text)) is found


def test_and_binds_closer_than_or():
    assert finds("a b OR c", post("c")) and not finds("a (b OR c)", post("c")) and finds("a (b OR c)", post("a c"))


def test_search_folds_diacritics_and_the_stream_does_not():
    assert finds("cafe", post("Café")) and finds("Café", post("cafe"))
    assert not finds("cafe", post("Café"), fold=False) and finds("café", post("CAFÉ"), fold=False)


def test_marks_that_make_another_letter_are_not_folded():
    assert not finds("か", post("が"))


def test_a_hashtag_is_exact_and_read_from_entities_or_else_from_the_text():
    marked = post("cut…", entities={"hashtags": [{"tag": "AuroraTrail"}]})
    assert finds("#auroratrail", marked) and not finds("#aurora", marked) and not finds("#trail", post("#AuroraTrail"))
    assert finds("#trail", post("on the ＃trail")) and not finds("#trail", post("trail"))


def test_the_long_form_is_searched_where_there_is_one():
    note = {"text": "all of it, boots too #inside", "entities": {"hashtags": [{"tag": "inside"}]}}
    assert finds("boots", post("cut…", note_tweet=note)) and finds("#inside", post("cut…", note_post=note))


def test_a_repost_is_searched_by_the_text_of_its_original():
    original = {"type": "retweeted", "id": "5", "text": "the whole text with boots", "author_id": "9"}
    assert finds("boots", post("RT @ann: the whole…", referenced_tweets=[original]))
    assert finds("retweets_of:ann", post("RT @ann: the whole…", referenced_tweets=[original]))
    assert finds("retweets_of:9", post("RT @ann: the whole…", referenced_tweets=[original]))


@pytest.mark.parametrize(
    ("query", "record", "found"),
    [
        ("hello from:7", post(), True),
        ("hello from:Ann", post(author={"id": "7", "username": "ann"}), True),
        ("hello from:bob", post(author={"id": "7", "username": "ann"}), False),
        ("@ann", post("hi", entities={"mentions": [{"username": "Ann", "id": "3"}]}), True),
        ("@ann", post("hi @ann"), True),
        ("$GOLD", post("buy $gold now"), True),
        ("to:ann", post("@Ann hi", referenced_tweets=[{"type": "replied_to", "id": "2"}]), True),
        ("to:ann", post("@Ann hi"), False),
        ("url:example.org", post(entities={"urls": [{"expanded_url": "https://example.org/a"}]}), True),
        ("url:example.org", post(entities={"urls": [{"expanded_url": "https://notexample.org/a"}]}), False),
        ("conversation_id:44", post(conversation_id="44"), True),
        ("in_reply_to_tweet_id:2", post(referenced_tweets=[{"type": "replied_to", "id": "2"}]), True),
        ("hello lang:en", post(lang="en"), True),
        ("hello lang:und", post(), True),
        ("hello is:retweet", post(referenced_posts=[{"type": "reposted", "id": "2"}]), True),
        ("hello -is:retweet", post(), True),
        ("hello is:quote", post(referenced_tweets=[{"type": "quoted", "id": "2"}]), True),
        ("hello is:reply", post(), False),
        ("hello is:verified", post(author={"id": "7", "verified": True}), True),
        ("hello has:hashtags", post("hello #x"), True),
        ("hello has:links", post("hello https://example.org"), True),
        ("hello has:media", post(attachments={"media_keys": ["3_1"]}), True),
        ("hello -is:nullcast", post(), True),
        ("hello min_likes:5", post(public_metrics={"like_count": 5}), True),
        ("hello min_reposts:5", post(public_metrics={"repost_count": 4}), False),
        ("hello min_replies:1", post(), False),
        ("hello sample:100", post(), True),
    ],
)
def test_operators_look_at_their_part_of_the_post(query, record, found):
    assert finds(query, record) is found


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "is empty"),
        ("   ", "is empty"),
        ('cat "dog', "missing its partner"),
        ("(a b", "never closed"),
        ("a b)", "closes nothing"),
        ("a ()", "is empty. Take it out"),
        ("a OR", "both sides"),
        ("OR a", "both sides"),
        ("a OR OR b", "both sides"),
        ("a (b OR )", "both sides"),
        ("a AND b", 'write it in quotes: "and"'),
        ("a or b", "OR in capitals"),
        ("#tag min_faves:10", "no operator min_faves:"),
        ("lunch 12:30", 'quotes: "12:30"'),
        ("a is:funny", "no is:funny"),
        ("a has:gold", "no has:gold"),
        ("a lang:english", "is no language"),
        ("a min_likes:many", "whole number"),
        ("a from:", "has no value"),
        ("from:two-words", "names no account"),
        ("a is:nullcast", "can only be negated"),
        ("a sample:10", "stream only"),
        ("lang:en", "lang:en cannot stand alone"),
        ("#tag OR is:retweet", "is:retweet cannot stand alone"),
        ("has:links (lang:en OR lang:de)", "cannot stand alone"),
        ("-cats", "what to leave out"),
        ("dogs OR -cats", "what to leave out"),
        ("a -", "minus"),
        ("a - b", "minus"),
        ("a --b", "minus"),
        ("a -OR b", "minus"),
        ("(" * 400 + "a", "nested"),
        ("-(" * 400 + "a", "nested"),
    ],
)
def test_a_query_that_x_refuses_is_told_why_and_what_to_do(query, said):
    found = problems(query)
    assert any(said in each for each in found), found
    if "stream only" not in said:
        with pytest.raises(QueryError):
            parse(query)


@pytest.mark.parametrize(
    "query",
    [
        '"Aurora Trail" OR #AuroraTrail OR Halvenne', "#a lang:en -is:retweet", "(lang:en OR lang:de) #tag", "from:nasa has:images",
        "-is:nullcast #a", "well-known", "http", '"and"', "a (b OR (c d)) -e", "@x", "$A", "#１２月", "url:\"https://x.com/a b\"",
    ],
)  # fmt: skip
def test_a_query_that_x_takes_has_no_problems(query):
    assert problems(query) == []


def test_the_length_is_counted_against_the_given_limit_and_all_problems_are_named():
    assert problems("a" * LONGEST_RECENT) == [] and "513 characters and X takes 512" in problems("a" * (LONGEST_RECENT + 1))[0]
    assert problems("a" * 600, longest=1_024) == []
    assert len(problems("a is:funny b has:gold min_faves:3")) == 3


def test_a_rule_of_the_stream_may_sample():
    assert problems("a sample:10", stream=True) == [] and problems("sample:10", stream=True)
    kept = sum(finds("a sample:30", {"id": str(number), "text": "a"}) for number in range(2_000))
    assert 500 < kept < 700


WORDS = ["a", "OR", "-", "(", ")", '"', '"b c"', "#tag", "lang:en", "is:retweet", "x:", ":", "min_likes:3", "and", "@u", "$c", "＃", "🏃", " "]


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=40), st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)))
def test_any_text_is_either_a_query_or_has_problems_in_words(text):
    found = problems(text, longest=10_000, stream=True)
    if found:
        assert all(each[0].isupper() or each[0] == '"' or ":" in each for each in found)
        with pytest.raises(QueryError):
            parse(text)
    else:
        assert parse(text).matches(post("a b c #tag")) in {True, False}
