"""How smoothly a board of 3,000 notes moves: frames while the camera pans and zooms, in a real Chromium.

    .venv/bin/python bench/board.py [--notes 3000] [--links 300] [--rounds 3] [--only ours] [--peers]

Builds the pages of frontend/bench, serves them from this machine, and visits each in turn, round after round,
so that whatever else the machine does falls on all of them. Prints medians over the rounds as a table. A peer
page is one more HTML file there that sets `window.bench` (see frontend/bench/harness.ts).
"""

from __future__ import annotations

import argparse
import functools
import http.server
import os
import shutil
import statistics
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "frontend" / "bench"
OURS = "ours"
PEERS = {"Excalidraw (peer)": "peers/excalidraw.html"}
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
SIZE = {"width": 1440, "height": 900}
LONGEST_MS = 120_000


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--notes", type=int, default=3_000)
    asked.add_argument("--links", type=int, default=300)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--only", choices=[OURS, *PEERS])
    asked.add_argument("--peers", action="store_true", help="also what is installed in frontend/bench/peers")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        built = Path(folder)
        build(built, peers=options.peers or options.only in PEERS)
        pages = {OURS: "board.html", **PEERS}
        wanted = {name: page for name, page in pages.items() if (built / page).exists()}
        if options.only:
            wanted = {options.only: wanted[options.only]}
        found: dict[str, list[dict[str, Any]]] = {name: [] for name in wanted}
        with served(built) as url, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
            for _ in range(options.rounds):
                for name, page in wanted.items():
                    query = f"?notes={options.notes}&links={options.links}"
                    found[name].append(visit(browser, f"{url}/{page}{query}"))
            version = browser.version
            browser.close()
    print(table(found))
    print(
        f"\n{options.notes} notes, {options.links} connectors, {SIZE['width']}x{SIZE['height']}, "
        f"Chromium {version} without a GPU, medians of {options.rounds}."
    )
    return 0


def build(into: Path, *, peers: bool) -> None:
    environment = {**os.environ, "LAB_BENCH_OUT": str(into), "LAB_BENCH_PEERS": "1" if peers else ""}
    vite = ROOT / "frontend" / "node_modules" / ".bin" / "vite"
    command = [str(vite), "build", "--config", "bench/vite.config.ts", "--logLevel", "warn"]
    subprocess.run(command, cwd=ROOT / "frontend", env=environment, check=True)


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Requests are not what is being measured."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    handler = functools.partial(Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def visit(browser: Browser, url: str) -> dict[str, Any]:
    """One page, opened anew: how long until it can be used, then the two movements."""
    context = browser.new_context(viewport=SIZE)  # type: ignore[arg-type]
    context.set_default_timeout(LONGEST_MS)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(url)
    page.wait_for_function("window.bench")
    result = {"load": page.evaluate("window.bench.ready")}
    result["pan"] = page.evaluate("window.bench.pan()")
    result["zoom"] = page.evaluate("window.bench.zoom()")
    result["others"] = page.evaluate("window.bench.others()")
    result["heap"] = page.evaluate("performance.memory.usedJSHeapSize / 1048576")
    context.close()
    if complaints:
        raise RuntimeError(f"{url} complained: {complaints}")
    return result


def table(found: dict[str, list[dict[str, Any]]]) -> str:
    lines = [
        "| Board | Load ms | Heap MB | Pan p50 / p95 ms, late | Zoom to fit, back | Others 50/s | Worst ms |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, visits in found.items():
        worst = max(visit[move]["worst"] for visit in visits for move in ("pan", "zoom"))
        lines.append(
            f"| {name} | {median(visits, 'load'):.0f} | {median(visits, 'heap'):.1f} "
            f"| {moved(visits, 'pan')} | {moved(visits, 'zoom')} | {moved(visits, 'others')} | {worst:.0f} |"
        )
    return "\n".join(lines)


def moved(visits: list[dict[str, Any]], move: str) -> str:
    if any(visit[move] is None for visit in visits):
        return "-"
    middle = {key: statistics.median(visit[move][key] for visit in visits) for key in ("p50", "p95", "late")}
    return f"{middle['p50']:.1f} / {middle['p95']:.1f}, {middle['late']:.0%}"


def median(visits: list[dict[str, Any]], key: str) -> float:
    return float(statistics.median(visit[key] for visit in visits))


def chromium() -> str:
    named = os.environ.get("LAB_CHROMIUM")
    found = named or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if not found:
        raise SystemExit("This bench needs a Chromium: set LAB_CHROMIUM.")
    return found


if __name__ == "__main__":
    raise SystemExit(main())
