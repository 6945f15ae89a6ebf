"""Two people on different servers of one lab write one statement, while one server after the other is
restarted. The same as `make cluster`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import APIRequestContext, Page, expect

from bench.server import Server
from scripts.cluster import Cluster, cluster

from .steps import invitation, join, new_challenge, saved, served, statement

pytestmark = pytest.mark.services


class Front:
    """The lab as the other fixtures see it: through its first door."""

    def __init__(self, running: Cluster) -> None:
        self.running = running
        self.url = running.doors[0].url

    def token(self, email: str, role: str = "staff") -> str:
        return self.running.servers[0].token(email, role)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    with cluster(tmp_path_factory.mktemp("cluster")) as running:
        yield Front(running)


def test_two_people_on_two_servers_write_on_while_each_is_restarted(
    lab: Front, api: APIRequestContext, someone
) -> None:
    challenge = new_challenge(api, "Shorter waits for a scan")
    link = invitation(api, challenge)["url"]
    ana: Page = someone()
    ben: Page = someone()
    join(ana, link, "Ana")
    join(ben, link.replace(lab.url, lab.running.doors[1].url), "Ben")
    people = {"Ana": ana, "Ben": ben}
    words: list[str] = []

    def types(name: str, text: str) -> None:
        page = people[name]
        statement(page).click()
        page.keyboard.press("Control+End")
        page.keyboard.type(f"{text} ")
        words.append(text)

    def all_is_there(*names: str) -> None:
        for name in names:
            for text in words:
                expect(statement(people[name])).to_contain_text(text)

    types("Ana", "First.")
    all_is_there("Ana", "Ben")
    first, second = lab.running.servers
    until(lambda: [people_on(first), people_on(second)] == [1, 1])

    for number, (server, other) in enumerate([(first, second), (second, first)]):
        types("Ben", f"Before-{number}.")
        all_is_there("Ana", "Ben")
        server.stop()
        for name in people:
            types(name, f"{name}-meanwhile-{number}.")
        for page in people.values():
            expect(saved(page)).to_have_text("Saved")
        all_is_there("Ana", "Ben")
        until(lambda: people_on(other) == 2)  # noqa: B023
        server.start()
        types("Ana", f"After-{number}.")
        all_is_there("Ana", "Ben")
    for page in people.values():
        expect(saved(page)).to_have_text("Saved")
    text = served(api, challenge)
    assert [text.count(word) for word in words] == [1] * len(words), text


def until(true: Callable[[], bool], within: float = 60) -> None:
    """What servers say of themselves follows what the screens show a little later."""
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def people_on(server: Server) -> float:
    return server.counters()["lab_connections_open"]
