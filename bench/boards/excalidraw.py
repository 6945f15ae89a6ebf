"""Excalidraw, the board that ours is measured against: installed, built and served for this bench only.

What it needs is in frontend/bench/peers, with a lock of its own; nothing of it is part of the product.
"""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

from playwright.sync_api import Browser
from server import ROOT

from .chromium import Frames, Visitor, percentile
from .scene import Scene

FRONTEND = ROOT / "frontend"
PEERS = FRONTEND / "bench" / "peers"
PAGE = "peers/excalidraw.html"
LEAST_ZOOM = 0.1
MOST_STEP = 0.1
"""Of one turn of the wheel."""


class Missing(Exception):
    """It could not be installed: there is no network, or no npm."""


@contextmanager
def served(scene: Scene, folder: Path) -> Iterator[str]:
    """Its address."""
    build(folder)
    (folder / "scene.json").write_text(scene.as_skeleton())
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Files, folder))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def build(into: Path) -> None:
    npm = shutil.which("npm")
    if not (PEERS / "node_modules" / "@excalidraw").exists():
        if npm is None:
            raise Missing("there is no npm")
        install = [npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"]
        if subprocess.run(install, cwd=PEERS, check=False).returncode != 0:
            raise Missing("npm could not install it")
    environment = {**os.environ, "LAB_BENCH_OUT": str(into), "LAB_BENCH_PAGE": PAGE}
    vite = FRONTEND / "node_modules" / ".bin" / "vite"
    command = [str(vite), "build", "--config", "bench/vite.config.ts", "--logLevel", "error"]
    subprocess.run(command, cwd=FRONTEND, env=environment, check=True)


class Files(http.server.SimpleHTTPRequestHandler):
    """As a good host serves it: connections stay open, what has a digest in its name is kept by browsers."""

    protocol_version = "HTTP/1.1"
    fonts = PEERS / "node_modules" / "@excalidraw" / "excalidraw" / "dist" / "prod"

    def __init__(self, folder: Path, *arguments: Any) -> None:
        self.folder = folder
        super().__init__(*arguments, directory=str(folder))

    def translate_path(self, path: str) -> str:
        self.directory = str(self.fonts if path.startswith("/fonts/") else self.folder)
        return super().translate_path(path)

    def end_headers(self) -> None:
        kept = urlparse(self.path).path.startswith(("/assets/", "/fonts/"))
        self.send_header("Cache-Control", "max-age=31536000, immutable" if kept else "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are not what is being measured."""


class Excalidraw:
    name = "Excalidraw 0.18.1"

    def __init__(self, browser: Browser, url: str, folder: Path) -> None:
        self.visitor = Visitor(browser, url, script="window.EXCALIDRAW_ASSET_PATH = '/';")
        self.url = f"{url}/{PAGE}"
        page = self.visitor.page
        page.goto(f"{self.url}?make")
        self.visitor.until("() => window.madeOfScene")
        (folder / "scene.excalidraw").write_text(page.evaluate("() => window.madeOfScene"))

    def open(self, *, whole: bool = True) -> float:
        """`whole`: where ours opens, with all of the board in sight; else where it opens by itself."""
        return self.visitor.open(f"{self.url}?whole" if whole else self.url)

    def movements(self) -> dict[str, Frames]:
        visitor = self.visitor
        self.settled()
        visitor.page.keyboard.press("Control+0")
        self.settled()
        pan = visitor.pan()
        self.settled()
        zoom = visitor.zoom(geared, LEAST_ZOOM)
        self.settled()
        visitor.page.keyboard.press("Control+0")
        self.settled()
        return {"pan": pan, "zoom": zoom, "fit": visitor.fit("Shift+1", "Control+0")}

    def settled(self) -> None:
        """Whatever it still does after the last movement is waited for, and counts for nothing."""
        for _ in range(20):
            found: list[Frames] = []
            with self.visitor.frames(found):
                pass
            if percentile(found[0].deltas, 0.95) < 30:
                return


def geared(now: float, to: float) -> tuple[float, float]:
    step = max(-MOST_STEP, min(MOST_STEP, to - now))
    return -step * 100, now + step
