"""No configured or received text widens a page's policy, and foreign forms are told from ours."""

import flask
import pytest

from gateway.web.security import content_policy, is_own_form, origins

OURS = "https://gateway.example"


def test_a_page_outside_sessions_is_framed_by_nobody_and_posts_home_only() -> None:
    policy = content_policy()
    assert policy.endswith("form-action 'self'; frame-ancestors 'none'")
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    "text",
    [
        "*", "'unsafe-inline'", "https:", "https://a.example; script-src *", "https://a b",
        "data:", "javascript:alert(1)", "https://a.example/path", "//a.example", "",
        "https://a.example\n", "https://user@a.example", "ftp://a.example",
    ],
)  # fmt: skip
def test_what_is_no_plain_origin_is_left_out(text: str) -> None:
    assert origins((text,)) == ()


def test_origins_stand_once_and_in_order() -> None:
    given = (
        "https://a.example",
        "https://*.b.example:8443",
        "http://[::1]:80",
        "https://a.example",
    )
    assert origins(given) == given[:3]


@pytest.mark.parametrize(
    ("headers", "own"),
    [
        ({}, True),
        ({"Origin": "null"}, True),
        ({"Origin": OURS}, True),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "https://gateway.example.evil.example"}, False),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "same-site", "Origin": OURS}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "null"}, False),
    ],
)
def test_forms_of_other_sites_are_not_ours(headers: dict[str, str], own: bool) -> None:
    application = flask.Flask("test")
    with application.test_request_context("/s/x/cart", method="POST", headers=headers):
        assert is_own_form(flask.request, OURS) is own
