"""J1 to J5: what a token must be."""

import base64
import json
from datetime import UTC, datetime, timedelta

import jwt
import pytest

from app.auth import keys, tokens
from app.auth.errors import AuthError
from app.auth.tokens import API, WEB, BadToken

KEY, OLD = bytes(range(32)), bytes(range(100, 140))
KEYS = {"new": KEY, "old": OLD}


def now() -> datetime:
    return datetime.now(UTC)


def made(kind=WEB, key=KEY, algorithm="HS256", kid="new", typ=None, without=(), **claims) -> str:
    payload = {"iss": tokens.ISSUER, "aud": kind.audience, "sub": "u", "iat": now(), "nbf": now(), "exp": now() + timedelta(minutes=1), "jti": "j", **claims}
    payload = {name: value for name, value in payload.items() if name not in without}
    return jwt.encode(payload, key, algorithm=algorithm, headers={"kid": kid, "typ": typ or kind.typ})


def test_J1_a_token_of_another_algorithm_is_refused_and_so_is_one_without_a_signature():
    assert tokens.read(KEYS, WEB, made())["sub"] == "u"
    for algorithm, key in (("HS512", bytes(range(64))), ("none", None)):
        with pytest.raises(BadToken):
            tokens.read({"new": key or KEY}, WEB, made(algorithm=algorithm, key=key))


def test_J1_the_header_does_not_choose_the_algorithm():
    _, body, signature = made().split(".")
    for algorithm in ("none", "HS384", "RS256"):
        forged = base64.urlsafe_b64encode(json.dumps({"alg": algorithm, "kid": "new", "typ": WEB.typ}).encode()).rstrip(b"=").decode()
        for ending in (signature, ""):
            with pytest.raises(BadToken):
                tokens.read(KEYS, WEB, f"{forged}.{body}.{ending}")


@pytest.mark.parametrize("claim", tokens.REQUIRED)
def test_J2_every_claim_is_required(claim):
    with pytest.raises(BadToken):
        tokens.read(KEYS, WEB, made(without=(claim,)))


@pytest.mark.parametrize(
    "claims",
    [{"iss": "someone"}, {"aud": "campaign-pulse/other"}, {"exp": 1}, {"nbf": 99_999_999_999}, {"iat": 99_999_999_999}, {"sub": 7}, {"aud": [WEB.audience, "x"]}],
    ids=lambda claims: next(iter(claims)),
)
def test_J2_a_claim_with_another_value_is_refused(claims):
    with pytest.raises(BadToken):
        tokens.read(KEYS, WEB, made(**claims))


def test_J2_a_token_ends_with_its_lifetime():
    issued = tokens.issue(KEYS, API, "u", now() - API.lifetime - timedelta(seconds=1))
    with pytest.raises(BadToken):
        tokens.read(KEYS, API, issued)
    assert tokens.read(KEYS, API, tokens.issue(KEYS, API, "u", now() - API.lifetime + timedelta(seconds=30)))


def test_J3_a_token_of_one_kind_is_none_of_the_other():
    web, api = (tokens.issue(KEYS, kind, "u", now()) for kind in (WEB, API))
    for kind, other in ((WEB, api), (API, web)):
        with pytest.raises(BadToken):
            tokens.read(KEYS, kind, other)
    for mixed in (made(WEB, typ=API.typ), made(API, typ=WEB.typ)):
        for kind in (WEB, API):
            with pytest.raises(BadToken):
                tokens.read(KEYS, kind, mixed)


def test_J4_a_weak_key_is_refused_and_the_error_does_not_show_it():
    for weak in (b"short", bytes(32), b"abababababababababababababababab", b"secret"):
        encoded = base64.b64encode(weak).decode()
        with pytest.raises(AuthError, match="too weak") as refused:
            keys.parse(f"a:{encoded}")
        assert encoded not in str(refused.value)
    for broken in ("", "a:", "nokid", "a:%%%", "b c:" + base64.b64encode(KEY).decode(), f"a:{base64.b64encode(KEY).decode()},a:{base64.b64encode(OLD).decode()}"):
        with pytest.raises(AuthError):
            keys.parse(broken)


def test_J4_the_library_enforces_the_length_too():
    with pytest.raises(jwt.InvalidKeyError):
        tokens.issue({"a": b"only 20 bytes of key"}, WEB, "u", now())


def test_J4_keys_rotate_the_first_signs_all_verify_and_a_key_that_is_gone_no_longer_does():
    before = tokens.issue({"old": OLD}, WEB, "u", now())
    assert jwt.get_unverified_header(tokens.issue(KEYS, WEB, "u", now()))["kid"] == "new"
    assert tokens.read(KEYS, WEB, before)["sub"] == "u"
    for others in ({"new": KEY}, {"old": KEY}):
        with pytest.raises(BadToken):
            tokens.read(others, WEB, before)
    with pytest.raises(BadToken):
        tokens.read(KEYS, WEB, made(kid="other"))


def test_J5_a_token_tells_nothing_of_a_person():
    payload = jwt.decode(tokens.issue(KEYS, API, "0a1b", now(), gen=3), options={"verify_signature": False})
    assert set(payload) == {*tokens.REQUIRED, "gen"} and payload["sub"] == "0a1b"


# Names of our own: a token is another one in each worker of pytest-xdist, and its name would be too.
NO_TOKENS = ["", "a", "a.b.c", "....", "\ud800", "é.é.é", "a" * 100_000, made()[:-2], made() + "x", made().replace(".", ". ")]


@pytest.mark.parametrize("text", NO_TOKENS, ids=range(len(NO_TOKENS)))
def test_what_is_no_token_is_refused_and_not_an_error(text):
    with pytest.raises(BadToken):
        tokens.read(KEYS, WEB, text)


def test_K1_in_prod_nothing_starts_without_a_key_and_the_error_says_how_to_make_one(monkeypatch, tmp_path):
    monkeypatch.setenv("PULSE_HOME", str(tmp_path))
    monkeypatch.setenv("PULSE_ENV", "prod")
    with pytest.raises(AuthError, match="secrets.token_bytes"):
        keys.signing_keys()
    monkeypatch.setenv("PULSE_JWT_KEYS", "2026a:" + base64.b64encode(KEY).decode())
    assert keys.signing_keys() == {"2026a": KEY}


def test_K1_the_key_of_a_home_is_made_once_and_only_its_owner_may_read_it(monkeypatch, tmp_path):
    monkeypatch.setenv("PULSE_HOME", str(tmp_path))
    first = keys.signing_keys()
    keys._keys.cache_clear()
    assert keys.signing_keys() == first and len(first["local"]) == 32
    file = tmp_path / "auth" / "jwt_keys"
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert [each.name for each in file.parent.iterdir()] == ["jwt_keys"]
