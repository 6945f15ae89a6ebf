"""C1: whatever happens, all copies end equal, equal to the log, and nothing that was acknowledged is lost.

Two to five people on one to three servers that share a disk. They write, erase and undo; their lines are
cut, slow,
and come back elsewhere; servers are killed; messages between servers are lost, doubled and late; the disk
stops,
refuses, or writes and does not say so; the content is replaced; old copies come back.
"""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from pycrdt import Array, Doc

from lab.realtime.options import Options
from tests.support.nodes import ROOM, Disk, Node, Post, tokens
from tests.support.peer import Peer, Wire, content, replayed, take
from tests.support.virtual import VirtualLoop

OPTIONS = Options(
    compact_updates=7,
    room_idle_seconds=3,
    journal_retries=(0.1, 0.4),
    frames_per_second=1e6,
    frames_burst=1e6,
)

places = st.floats(0, 1)
chance = st.integers(0, 10**6)
sends = st.integers(0, 2)
"""Nothing is carried now; what was written arrives at the server; and what it says in return arrives too."""


class Convergence(RuleBasedStateMachine):
    @initialize(people=st.integers(2, 5), servers=st.integers(1, 3))
    def begin(self, people: int, servers: int) -> None:
        self.loop = VirtualLoop()
        self.disk, self.post = Disk(), Post()
        self.loop.run(self.disk.create(ROOM, seed("seed of 1")))
        self.nodes = [Node(self.disk, self.post, OPTIONS) for _ in range(servers)]
        for node in self.nodes:
            self.loop.run(node.start())
        self.peers = [Peer(name) for name in "abcde"[:people]]
        self.homes: dict[str, Node] = {}
        self.acknowledged: dict[int, set[str]] = {}
        self.early: list[str] = []
        for peer in self.peers:
            self.come(peer, self.nodes[0], claims=True)

    # -- what people do

    @rule(who=chance, place=places, sends=sends)
    def write(self, who: int, place: float, sends: int) -> None:
        peer = self.peer(who)
        peer.write(place)
        peer.save()
        self.move(peer, sends)

    @rule(who=chance, place=places, text=st.text("abc \n", min_size=1, max_size=5), sends=sends)
    def scrawl(self, who: int, place: float, text: str, sends: int) -> None:
        self.peer(who).scrawl(place, text)
        self.move(self.peer(who), sends)

    @rule(who=chance, place=places, length=st.integers(1, 6), sends=sends)
    def erase(self, who: int, place: float, length: int, sends: int) -> None:
        self.peer(who).erase(place, length)
        self.move(self.peer(who), sends)

    @rule(who=chance, place=places, sends=sends)
    def attempt(self, who: int, place: float, sends: int) -> None:
        self.peer(who).attempt(place)
        self.move(self.peer(who), sends)

    @rule(who=chance, again=st.booleans(), sends=sends)
    def undo(self, who: int, again: bool, sends: int) -> None:
        peer = self.peer(who)
        before = peer.content()
        (peer.undo.redo if again else peer.undo.undo)()
        after = peer.content()
        assert after["ledger"] == before["ledger"]
        assert after["scribble"] == before["scribble"]
        assert others(after["tries"], peer) == others(before["tries"], peer), "undo touched another's edit"
        self.move(peer, sends)

    # -- what lines do

    @rule(who=chance, where=chance, claims=st.booleans())
    def come_back(self, who: int, where: int, claims: bool) -> None:
        peer = self.peer(who)
        self.go(peer)
        self.come(peer, self.nodes[where % len(self.nodes)], claims=claims)

    @rule(who=chance)
    def cut(self, who: int) -> None:
        self.go(self.peer(who))

    @rule(who=chance, count=st.integers(1, 9))
    def carry_up(self, who: int, count: int) -> None:
        self.carry(self.peer(who), count)

    @rule(who=chance, count=st.integers(1, 9))
    def carry_down(self, who: int, count: int) -> None:
        self.receive(self.peer(who), count)

    @rule(who=chance, which=chance)
    def lose_on_the_way(self, who: int, which: int) -> None:
        """A frame that never arrives, which only a broken middleman can do. The next one tells."""
        wire = self.peer(who).wire
        if wire is None:
            return
        waiting = list(wire.up)
        candidates = [at for at in range(len(waiting) - 1) if adds(waiting[at]) and adds(waiting[at + 1])]
        if candidates:
            del wire.up[candidates[which % len(candidates)]]

    @rule()
    def carry_all(self) -> None:
        for peer in self.peers:
            self.carry(peer)
        for peer in self.peers:
            self.receive(peer)

    # -- what servers, their messages and their disk do

    @rule(where=chance)
    def kill(self, where: int) -> None:
        node = self.nodes[where % len(self.nodes)]
        self.loop.run(node.kill())
        self.loop.run(node.start())

    @rule(count=st.integers(1, 5))
    def deliver_post(self, count: int) -> None:
        self.post.deliver(count)
        self.loop.settle()

    @precondition(lambda self: self.post.lying)
    @rule(which=chance)
    def lose_message(self, which: int) -> None:
        del self.post.lying[which % len(self.post.lying)]

    @precondition(lambda self: self.post.lying)
    @rule(which=chance)
    def repeat_message(self, which: int) -> None:
        self.post.lying.append(self.post.lying[which % len(self.post.lying)])

    @rule(by=st.integers(1, 3))
    def shuffle_messages(self, by: int) -> None:
        self.post.lying.rotate(by)

    @rule()
    def interrupt_subscriptions(self) -> None:
        self.post.lying.clear()
        self.post.interrupt()
        self.loop.settle()

    @rule()
    def stop_disk(self) -> None:
        self.disk.moving.clear()

    @rule()
    def move_disk(self) -> None:
        self.disk.moving.set()
        self.loop.settle()

    @rule(times=st.integers(1, 4), forgetful=st.booleans())
    def fill_disk(self, times: int, forgetful: bool) -> None:
        self.disk.fail_appends, self.disk.forgetful = times, forgetful

    @rule(down=st.booleans())
    def take_disk_away(self, down: bool) -> None:
        self.disk.down = down

    @rule(
        writer=chance,
        joiner=chance,
        where=chance,
        end=st.sampled_from(["moves", "fails", "is away", "forgets", "dies"]),
        seconds=st.sampled_from([0, 0.05, 0.2, 1]),
    )
    def trouble(self, writer: int, joiner: int, where: int, end: str, seconds: float) -> None:
        """Somebody writes while the disk stands still, somebody else arrives, and then it is decided."""
        author, guest = self.peer(writer), self.peer(joiner)
        self.move(author, 2)
        self.disk.moving.clear()
        author.write(0.5)
        author.save()
        self.carry(author)
        if guest is not author:
            self.go(guest)
            self.come(guest, self.nodes[where % len(self.nodes)], claims=True)
            self.move(guest, 2)
            author.write(0.2)
            author.save()
            self.carry(author)
        else:
            # It comes back, is asked what it has, and answers only when all is decided.
            self.go(author)
            self.come(author, self.homes[author.name], claims=True)
            self.receive(author)
        self.loop.advance(seconds)
        if end == "dies":
            self.kill(self.nodes.index(self.homes[author.name]))
        self.disk.fail_appends = 3 if end in ("fails", "forgets") else 0
        self.disk.forgetful = end == "forgets"
        self.disk.down = end == "is away"
        self.disk.moving.set()
        self.loop.settle()
        self.loop.advance(1)
        self.disk.down = False
        self.carry(author)
        self.receive(guest)

    @rule(where=chance, by=st.sampled_from(["here", "another process"]))
    def replace_content(self, where: int, by: str) -> None:
        if self.disk.down:
            return
        text = f"seed of {self.disk.epoch() + 1}"
        if by == "here":
            self.loop.run(self.nodes[where % len(self.nodes)].engine.replace(ROOM, seed(text)))
        else:
            self.loop.run(self.disk.new_epoch(ROOM, seed(text)))
        self.loop.settle()

    @rule(seconds=st.sampled_from([0.05, 0.5, 2.5, 6, 20]))
    def time_passes(self, seconds: float) -> None:
        self.loop.advance(seconds)

    # -- what must then be true

    @rule()
    def heal(self) -> None:
        self.disk.fail_appends, self.disk.down = 0, False
        self.disk.moving.set()
        self.post.deliver()
        self.loop.advance(11)
        for round_number in range(6):
            for peer in self.peers:
                if peer.wire is None or peer.wire.closed is not None:
                    self.go(peer)
                    self.come(peer, self.nodes[hash(peer.name) % len(self.nodes)], claims=True)
            self.flow()
            self.post.deliver() if round_number % 2 else self.post.lying.clear()
            self.loop.advance(6)
        self.flow()
        for peer in self.peers:
            assert peer.wire is not None
            assert peer.wire.closed is None, f"{peer.name} was closed: {peer.wire.closed}"
            assert peer.epoch == self.disk.epoch()
            peer.save()
        self.flow()
        truth = content(replayed(self.disk.log()))
        for peer in self.peers:
            assert peer.content() == truth, f"{peer.name} differs from the log"
            assert not peer.marks, f"{peer.name} waits for {peer.marks} (saved {peer.saved})"
        for node in self.nodes:
            assert content(replayed([self.loop.run(node.engine.read(ROOM))])) == truth
        self.acknowledged_is_there()
        self.nothing_was_early()

    def acknowledged_is_there(self) -> None:
        epoch = self.disk.epoch()
        ledger = replayed(self.disk.log()).get("ledger", type=Array).to_py() or []
        for token in self.acknowledged.get(epoch, ()):
            assert ledger.count(token) == 1, (
                f"{token} was acknowledged and is there {ledger.count(token)} times"
            )
        assert len(ledger) == len(set(ledger)), "something is there twice"
        seeds = [text for text in ledger if text.startswith("seed")]
        assert seeds == [f"seed of {epoch}"], f"an old copy was merged: {seeds}"

    def teardown(self) -> None:
        if not hasattr(self, "loop"):
            return
        try:
            self.heal()
            for node in self.nodes:
                self.loop.run(node.kill())
            assert not self.loop.failures, self.loop.failures
        finally:
            self.loop.close()

    @invariant()
    def nothing_was_early(self) -> None:
        assert not getattr(self, "early", []), self.early
        assert not hasattr(self, "loop") or not self.loop.failures, self.loop.failures

    # -- how

    def peer(self, who: int) -> Peer:
        return self.peers[who % len(self.peers)]

    def come(self, peer: Peer, node: Node, *, claims: bool) -> None:
        """`claims`: says which epoch its copy is of. A client that does not must be found out all the
        same."""
        wire = Wire()
        wire.watch = lambda message: self.nothing_early(peer, wire, message)
        node.connect(peer, wire, epoch=peer.epoch if claims else None)
        self.homes[peer.name] = node
        peer.connected(wire)
        self.loop.settle()

    def go(self, peer: Peer) -> None:
        wire, node = peer.wire, self.homes[peer.name]
        if wire is not None and wire in node.lines:
            node.hang_up(wire)
        self.loop.settle()
        self.moved_on(peer)
        peer.cut()

    def moved_on(self, peer: Peer) -> None:
        """Told that its copy is of another epoch, a client keeps it aside and starts afresh."""
        if peer.wire is not None and peer.wire.closed is not None:
            code, reason = peer.wire.closed
            assert code in (1006, 1012, 1013, 4409), f"{peer.name} was closed {code} {reason}"
            if code == 4409:
                peer.fresh()

    def carry(self, peer: Peer, count: int = 10**6) -> None:
        if peer.wire is not None and peer.wire in self.homes[peer.name].lines:
            self.homes[peer.name].carry(peer.wire, count)
            self.loop.settle()

    def move(self, peer: Peer, how_far: int) -> None:
        if how_far:
            self.carry(peer)
        if how_far > 1:
            self.receive(peer)

    def receive(self, peer: Peer, count: int = 10**6) -> None:
        while count and peer.wire is not None:
            expected = dict(peer.marks)
            message = peer.receive()
            if message is None:
                return
            count -= 1
            if message[0] == 101:
                done = {token for number, some in expected.items() if number <= peer.saved for token in some}
                assert peer.epoch is not None
                self.acknowledged.setdefault(peer.epoch, set()).update(done)

    def flow(self) -> None:
        """Until nothing more has to be said."""
        for _ in range(50):
            for peer in self.peers:
                self.carry(peer)
                self.receive(peer)
            if not any(peer.wire and (peer.wire.up or peer.wire.down) for peer in self.peers):
                return
        raise AssertionError("they never stop talking")

    def nothing_early(self, peer: Peer, wire: Wire, message: bytes) -> None:
        """Seen at the moment of sending: no word and no promise before it is on disk."""
        durable = self.disk.durable()
        if message[0] == 0 and message[1] in (1, 2):
            early = tokens(message) - durable
            if early:
                self.early.append(f"{early} sent to {peer.name} before durable")
        elif message[0] == 101 and peer.wire is wire:
            number, _ = take(message, 1)
            early = {token for mark, some in peer.marks.items() if mark <= number for token in some} - durable
            if early:
                self.early.append(f"Saved({number}) said to {peer.name} before {early} was durable")


def seed(text: str) -> bytes:
    doc: Doc[Any] = Doc()
    doc.get("ledger", type=Array).append(text)
    return doc.get_update()


def adds(message: bytes) -> bool:
    """An update frame with something new in it, not only deletions."""
    return message[:2] == b"\0\2" and message[take(message, 2)[1]] != 0


def others(found: list[str], peer: Peer) -> list[str]:
    return [token for token in found if not token.startswith(f"w{peer.name}-")]


DEEP = settings.get_current_profile_name() == "deep"
Convergence.TestCase.settings = settings(
    max_examples=5000 if DEEP else 200,
    stateful_step_count=100 if DEEP else 25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
test_convergence = Convergence.TestCase
