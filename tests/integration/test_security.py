"""Host, origin, the token of a page, headers, the content policy, and the size of what is sent."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx2
import pytest
from structlog.testing import capture_logs

from tests.support.app import ORIGIN, Lab, running_lab

BODY = {"email": "nobody@example.org"}


async def post(lab: Lab, path: str = "/api/sign-in/link", **headers: str) -> httpx2.Response:
    """As a program without any of what a browser sends by itself."""
    return await lab.browser().http.post(path, json=BODY, headers=headers)


# Host


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "", "127.0.0.1:8000:1",
     "127.0.0.1:x", "127.0.0.1@evil.example", "sub.localhost", "127.0.0.1/", "0x7f.1"],
)  # fmt: skip
async def test_other_host_names_are_refused(lab: Lab, host: str) -> None:
    answer = await lab.browser().get("/api/me", host=host)
    assert (answer.status_code, answer.json()["code"]) == (421, "wrong_host")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:9999", "localhost:8000", "[::1]:8000", "LOCALHOST"])
async def test_the_names_of_this_computer_are_answered_on_a_laptop(lab: Lab, host: str) -> None:
    assert (await lab.browser().get("/api/me", host=host)).status_code == 200


async def test_two_host_headers_are_refused(lab: Lab) -> None:
    answer = await lab.browser().http.get(
        "/api/me", headers=[("host", "127.0.0.1"), ("host", "evil.example")]
    )
    assert answer.status_code == 421


async def test_in_production_only_the_names_that_were_set(sqlite_url: str, tmp_path: Path) -> None:
    settings: dict[str, Any] = {
        "env": "production", "base_url": "https://lab.example.org", "allowed_hosts": "other.example.org",
        "secret": "0123456789abcdef0123456789abcdef!",
    }  # fmt: skip
    async with running_lab(sqlite_url, tmp_path, **settings) as lab:
        browser = lab.browser()
        for host, status in [
            ("lab.example.org", 200), ("other.example.org", 200), ("127.0.0.1:8000", 421), ("localhost", 421),
        ]:  # fmt: skip
            assert (await browser.get("/api/me", host=host)).status_code == status
        assert (await browser.get("/healthz", host="10.0.0.3")).status_code == 200
        answer = await browser.get("/", host="lab.example.org")
        assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
        assert "wss://lab.example.org" in answer.headers["content-security-policy"]


async def test_links_are_made_from_configuration_not_from_the_host(sqlite_url: str, tmp_path: Path) -> None:
    settings = {"base_url": "https://lab.example.org", "allowed_hosts": "other.example.org"}
    async with running_lab(sqlite_url, tmp_path, **settings) as lab:
        staff = await lab.account("Sam", role="staff")
        program = await lab.bearer(staff.id)
        program.headers |= {"host": "other.example.org", "x-forwarded-host": "evil.example"}
        made = await program.post(f"/api/people/{staff.id}/sign-in-link")
        assert made.json()["url"].startswith("https://lab.example.org/sign-in#")


# Origin and the page's token


@pytest.mark.parametrize(
    "origin",
    ["null", "http://evil.example", "http://127.0.0.1", "http://127.0.0.1:8001", "https://127.0.0.1:8000",
     "http://127.0.0.1:8000.evil.example", "http://sub.127.0.0.1:8000", "http://127.0.0.1:8000/", "",
     "http://127.0.0.1:8000, http://evil.example"],
)  # fmt: skip
async def test_changes_from_another_origin_are_refused(lab: Lab, origin: str) -> None:
    answer = await post(lab, origin=origin)
    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_origin")


@pytest.mark.parametrize("site", ["cross-site", "same-site", "nonsense"])
async def test_changes_a_browser_calls_foreign_are_refused(lab: Lab, site: str) -> None:
    answer = await post(lab, origin=ORIGIN, **{"sec-fetch-site": site})
    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_origin")


async def test_our_own_pages_and_programs_without_a_page_may_ask(lab: Lab) -> None:
    assert (await post(lab)).status_code == 202
    assert (await post(lab, origin=ORIGIN)).status_code == 202
    assert (await post(lab, origin=ORIGIN, **{"sec-fetch-site": "same-origin"})).status_code == 202


async def test_a_cookie_needs_origin_and_token(lab: Lab) -> None:
    ana = await lab.person("Ana")
    cookie = {"cookie": f"lab={ana.http.cookies['lab']}"}
    good = {**cookie, "origin": ORIGIN, "x-lab-csrf": ana.csrf}
    client = lab.browser().http
    other = await lab.person("Ben")
    for headers, code in [
        ({**good, "x-lab-csrf": ""}, "csrf_failed"),
        ({**good, "x-lab-csrf": "0" * 64}, "csrf_failed"),
        ({**good, "x-lab-csrf": other.csrf}, "csrf_failed"),
        ({name: value for name, value in good.items() if name != "origin"}, "wrong_origin"),
        ({**good, "origin": "http://evil.example"}, "wrong_origin"),
    ]:
        answer = await client.patch("/api/me", json={"name": "Mallory"}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, code)
    unreadable = [(b"x-lab-csrf", "ü".encode()), *((k.encode(), v.encode()) for k, v in good.items())]
    assert (await client.patch("/api/me", json={}, headers=unreadable)).status_code == 403
    assert (await client.patch("/api/me", json={"name": "Anna"}, headers=good)).status_code == 200
    assert (await ana.me())["person"]["name"] == "Anna"


async def test_reading_changes_nothing_and_needs_no_token(lab: Lab) -> None:
    ana = await lab.person("Ana")
    answer = await lab.browser().http.get("/api/me", headers={"cookie": f"lab={ana.http.cookies['lab']}"})
    assert answer.json()["person"]["name"] == "Ana"


@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x", ""]
)
async def test_a_form_of_another_site_cannot_speak_json(lab: Lab, kind: str) -> None:
    answer = await lab.browser().http.post(
        "/api/sign-in/link",
        content=b'{"email":"a@example.org"}',
        headers={"content-type": kind, "origin": ORIGIN},
    )
    assert (answer.status_code, answer.json()["code"]) == (415, "wrong_content_type")


async def test_other_sites_may_not_read(lab: Lab) -> None:
    answer = await lab.browser().get("/api/me", origin="http://evil.example")
    assert not [name for name in answer.headers if name.startswith("access-control")]
    preflight = await lab.browser().http.options("/api/me", headers={"origin": "http://evil.example"})
    assert preflight.status_code == 405


# Headers


@pytest.mark.parametrize(
    "path", ["/", "/api/me", "/api/nothing", "/healthz", "/assets/none.js", "/api/people"]
)
async def test_every_response_carries_the_headers(lab: Lab, path: str) -> None:
    headers = (await lab.browser().get(path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "strict-transport-security" not in headers, "there is no TLS on a laptop"
    assert "server" not in headers


async def test_refusals_carry_them_too(lab: Lab) -> None:
    for answer in (await lab.browser().get("/", host="evil.example"), await post(lab, origin="null")):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "content-security-policy" in answer.headers


@pytest.fixture
def built(tmp_path: Path) -> Path:
    static = tmp_path / "static"
    (static / "assets").mkdir(parents=True)
    (static / "index.html").write_text('<script nonce="__NONCE__" src="/assets/index-abc.js"></script>')
    (static / "assets" / "index-abc.js").write_text("1;")
    (static / "icon.svg").write_text("<svg/>")
    (static / ".hidden.json").write_text("{}")
    return static


async def test_each_page_has_a_nonce_of_its_own(sqlite_url: str, tmp_path: Path, built: Path) -> None:
    async with running_lab(sqlite_url, tmp_path, static=built) as lab:
        nonces = set()
        for path in ("/", "/challenges/1", "/sign-in"):
            answer = await lab.browser().get(path)
            policy = answer.headers["content-security-policy"]
            (nonce,) = re.findall(r"script-src 'nonce-([\w-]+)' 'strict-dynamic'", policy)
            assert f'nonce="{nonce}"' in answer.text
            assert answer.headers["cache-control"] == "no-store"
            nonces.add(nonce)
        assert len(nonces) == 3
        for directive in (
            "default-src 'none'", "object-src 'none'", "base-uri 'none'",
            "require-trusted-types-for 'script'", "report-uri /api/csp-report",
        ):  # fmt: skip
            assert directive in policy
        assert "unsafe" not in policy


async def test_built_files(sqlite_url: str, tmp_path: Path, built: Path) -> None:
    async with running_lab(sqlite_url, tmp_path, static=built) as lab:
        browser = lab.browser()
        asset = await browser.get("/assets/index-abc.js", range="bytes=0-0,0-0,0-0")
        assert (asset.status_code, asset.text) == (200, "1;"), "parts of files are not served"
        assert "immutable" in asset.headers["cache-control"]
        assert (await browser.get("/icon.svg")).headers["content-type"] == "image/svg+xml"
        assert (await browser.http.head("/")).status_code == 200
        for missing in (
            "/assets/none.js", "/none.svg", "/.hidden.json", "/index.html.bak", "/api/x", "/ws/x/y",
            "/assets/..%2findex.html", "/%00.js", "/assets/%2e%2e/%2e%2e/settings.py",
        ):  # fmt: skip
            answer = await browser.get(missing)
            assert answer.status_code == 404, missing
            assert answer.json()["code"] == "not_found"
        (built / "index.html").write_text("a newer build")
        assert (await browser.get("/")).text == "a newer build"


async def test_without_a_build_the_page_says_so(sqlite_url: str, tmp_path: Path) -> None:
    async with running_lab(sqlite_url, tmp_path, static=tmp_path / "nothing") as lab:
        answer = await lab.browser().get("/")
        assert answer.status_code == 503
        assert "make run" in answer.text


# Sizes and reports


async def test_a_body_that_is_too_long_is_refused_whether_or_not_it_says_so(lab: Lab) -> None:
    async def endless() -> Any:
        for _ in range(40):
            yield b'"' + b"x" * 65536

    for content in (b"x" * (1024 * 1024 + 1), endless()):
        answer = await lab.browser().http.post(
            "/api/sign-in/link", content=content, headers={"content-type": "application/json"}
        )
        assert (answer.status_code, answer.json()["code"]) == (413, "body_too_big")


async def test_reports_of_the_content_policy_are_logged_in_few_words(lab: Lab) -> None:
    old = {
        "csp-report": {"effective-directive": "script-src", "blocked-uri": "https://evil.example/a?secret=1"}
    }
    new = [{"type": "csp-violation", "body": {"effectiveDirective": "img-src", "blockedURL": "inline"}}]
    browser = lab.browser()
    with capture_logs() as logs:
        for body in (old, new, {}, [1, {"body": None}], {"csp-report": {"blocked-uri": "http://[x"}}):
            answer = await browser.http.post("/api/csp-report", json=body, headers={"origin": "null"})
            assert answer.status_code == 204
    told = [(one["directive"], one["blocked"]) for one in logs if one["event"] == "content_policy_stopped"]
    assert told == [("script-src", "https://evil.example"), ("img-src", "inline"), ("", "?")]
    assert (await browser.http.post("/api/csp-report", content=b"nonsense")).json()["code"] == "not_json"
    assert (await browser.http.post("/api/csp-report", content=b"x" * 20_000)).status_code == 413
    with capture_logs() as logs:
        for _ in range(40):
            assert (await browser.http.post("/api/csp-report", json=old)).status_code == 204
    assert len(logs) < 30


async def test_metrics_in_production_are_for_those_who_may(sqlite_url: str, tmp_path: Path) -> None:
    async with running_lab(sqlite_url, tmp_path, metrics_token="let me see") as lab:
        browser = lab.browser()
        assert (await browser.get("/metrics")).status_code == 404
        answer = await browser.get("/metrics", authorization="Bearer let me see")
        assert answer.status_code == 200
        assert "lab_connections_open 0.0" in answer.text
    settings = {"env": "production", "base_url": "https://x.example", "secret": "0123456789abcdef" * 3}
    async with running_lab(sqlite_url, tmp_path, **settings) as lab:
        assert (await lab.browser("203.0.113.1").get("/metrics")).status_code == 404
        assert (await lab.browser("127.0.0.1").get("/metrics")).status_code == 200
