"""The shell: the built screens, served with a fresh nonce in the page and for ever in the browser's cache.

Every address that is not the API's is a screen of the same page: what to show is for the page to decide.
"""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from lab.core.errors import NotFound

NONCE = "__NONCE__"
"""What the build leaves in the page wherever a nonce belongs."""
MISSING = """<!doctype html>
<html lang="en-GB"><meta charset="utf-8"><title>Live lab</title>
<h1>The screens have not been built</h1>
<p>The server runs, but the files it should show are missing. On this computer, run <code>make run</code>
or <code>npm run build</code> in <code>frontend/</code>, then load this page again.</p></html>
"""


class Assets(StaticFiles):
    """Their names contain a hash of their content: what has this name never changes."""

    def file_response(self, *args: object, **named: object) -> Response:
        response = super().file_response(*args, **named)  # type: ignore[arg-type]
        response.headers["cache-control"] = "public, max-age=31536000, immutable"
        return response

    async def get_response(self, path: str, scope: Scope) -> Response:
        # Asking for parts of a file has been a way to make servers work; nobody needs it for these.
        scope["headers"] = [pair for pair in scope["headers"] if pair[0] not in (b"range", b"if-range")]
        return await super().get_response(path, scope)


def shell_routes(built: Path) -> list[BaseRoute]:
    """`built`: where the screens' build put index.html and assets/. They may appear while the server runs."""
    page = _Page(built / "index.html")

    async def screen(request: Request) -> Response:
        path: str = request.path_params["path"]
        if path.split("/", 1)[0] in ("api", "ws", "assets"):
            raise NotFound("There is nothing at this address.")
        # Icons and the like, which the build puts beside the page: one level only, no hidden files.
        if "." in path and "/" not in path and path != "index.html":
            beside = built / path
            if path.startswith(".") or "\x00" in path or not beside.is_file():
                raise NotFound("There is nothing at this address.")
            return FileResponse(beside, headers={"cache-control": "public, max-age=3600"})
        return page.response(request.scope["lab.nonce"])

    return [
        Mount("/assets", Assets(directory=built / "assets", check_dir=False)),
        Route("/{path:path}", screen, methods=["GET"]),
    ]


class _Page:
    """index.html, read again only when the build has replaced it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: tuple[int, int] | None = None
        self._text = ""

    def response(self, nonce: str) -> Response:
        try:
            found = self._path.stat()
            if self._stamp != (found.st_mtime_ns, found.st_size):
                self._text = self._path.read_text("utf-8")
                self._stamp = (found.st_mtime_ns, found.st_size)
        except FileNotFoundError:
            return HTMLResponse(MISSING, 503, headers={"cache-control": "no-store"})
        return HTMLResponse(self._text.replace(NONCE, nonce), headers={"cache-control": "no-store"})
