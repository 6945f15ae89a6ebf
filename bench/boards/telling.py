"""What was measured, as it stands in docs/benchmarks.md."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from .chromium import Frames, median, percentile

MOVES = {"pan": "Pan by the wheel", "zoom": "Zoom by the wheel", "fit": "Fit by its key, and back"}
Visit = Mapping[str, Frames]


@dataclass
class Found:
    """Everything, in milliseconds."""

    ours: list[Visit] = field(default_factory=list)
    busy: list[Visit] = field(default_factory=list)
    """Ours, with the people at work."""
    peer: list[Visit] = field(default_factory=list)
    blank: list[Frames] = field(default_factory=list)
    opened: dict[str, list[float]] = field(default_factory=dict)
    first: dict[str, list[float]] = field(default_factory=dict)
    """The same, when nothing was in any cache."""
    remote: list[float] = field(default_factory=list)
    pasted: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    """Where -> from the paste to the question, and from the answer to all of them being there."""
    undone: bool = True


OURS, BUSY, PEER = (
    "ours",
    "ours, with the people",
    "Excalidraw with all of the drawing in sight, as ours opens",
)
PEER_BY_ITSELF = "Excalidraw where it opens by itself, at 100 % over one corner"


def whole(visit: Visit) -> Frames:
    """The three movements as one script."""
    first, *rest = visit.values()
    for frames in rest:
        first = first + frames
    return first


def frames_table(rows: Mapping[str, Sequence[Visit]], blank: Sequence[Frames]) -> str:
    head = ["Frames: p50 / p95 ms, late", *MOVES.values(), "All three", "Worst ms"]
    lines = [f"| {' | '.join(head)} |", "|" + " --- |" * len(head)]
    for name, visits in rows.items():
        if not visits:
            continue
        cells = [said([visit[move] for visit in visits]) for move in MOVES]
        worst = max(whole(visit).worst for visit in visits)
        every = said([whole(visit) for visit in visits])
        lines.append(f"| {name} | {' | '.join(cells)} | {every} | {worst:.0f} |")
    worst = max(frames.worst for frames in blank)
    lines.append(f"| an empty page | {' | '.join([''] * len(MOVES))} | {said(blank)} | {worst:.0f} |")
    return "\n".join(lines)


def said(visits: Sequence[Frames]) -> str:
    return (
        f"{middle(visits, lambda one: one.p50):.1f} / {middle(visits, lambda one: one.p95):.1f}, "
        f"{middle(visits, lambda one: one.late):.1%}"
    )


def middle(visits: Sequence[Frames], of: Callable[[Frames], float]) -> float:
    return median([of(frames) for frames in visits])


def promises(found: Found, people: int) -> str:
    lines = ["| Promise | Measured | At most | |", "| --- | --- | --- | --- |"]

    def line(words: str, shown: str, most: str, kept: bool) -> None:
        lines.append(f"| {words} | {shown} | {most} | {'kept' if kept else '**falls short**'} |")

    if found.peer:
        for words, visits in (("nobody else", found.ours), (f"{people} people at work", found.busy)):
            if not visits:
                continue
            scripts = [whole(visit) for visit in visits], [whole(visit) for visit in found.peer]
            for part, limit, of in (("p95 of a frame", 0.25, p95), ("late frames", 0.1, late)):
                ours, theirs = (middle(script, of) for script in scripts)
                ratio = ours / theirs if theirs else float(ours > 0)
                line(f"{part} against Excalidraw's, {words}", f"{ratio:.3f} ×", f"{limit} ×", ratio <= limit)
            for move, name in MOVES.items():
                pair = [median([p95(visit[move]) for visit in each]) for each in (visits, found.peer)]
                rare = [median([late(visit[move]) for visit in each]) for each in (visits, found.peer)]
                ratio, share = pair[0] / pair[1], rare[0] / rare[1] if rare[1] else float(rare[0] > 0)
                line(
                    f"of it: {name.lower()}, {words}", f"{ratio:.3f} ×, late {share:.3f} ×", "0.25 ×, 0.1 ×",
                    ratio <= 0.25 and share <= 0.1,
                )  # fmt: skip
    for name in (OURS, BUSY):
        if name not in found.opened:
            continue
        ours = median(found.opened[name])
        line(f"open to interactive, {name}", f"{ours:.0f} ms", "2,000 ms", ours <= 2_000)
        if PEER in found.opened:
            ratio = ours / median(found.opened[PEER])
            line(
                f"{name}, against Excalidraw's with the same in sight",
                f"{ratio:.2f} ×",
                "0.35 ×",
                ratio <= 0.35,
            )
            ratio = ours / median(found.opened[PEER_BY_ITSELF])
            shown = f"{ratio:.2f} ×"
            line(f"{name}, against Excalidraw's over one corner", shown, "0.35 ×", ratio <= 0.35)
    if found.remote:
        late95 = percentile(found.remote, 0.95)
        shown = f"p50 {median(found.remote):.0f}, p95 {late95:.0f} ms ({len(found.remote)} moves)"
        line(f"somebody's move → pixels, {people} people at work", shown, "100 ms", late95 <= 100)
    for where, each in found.pasted.items():
        took = median([asked + drawn for asked, drawn in each])
        question = median([asked for asked, _ in each])
        shown = f"{took:.0f} ms, {question:.0f} of it until the question"
        line(f"200 rows pasted, {where}", shown, "1,000 ms", took <= 1_000)
    if found.pasted:
        line("one undo takes all 200 back", "yes" if found.undone else "no", "", found.undone)
    return "\n".join(lines)


def p95(frames: Frames) -> float:
    return frames.p95


def late(frames: Frames) -> float:
    return frames.late
