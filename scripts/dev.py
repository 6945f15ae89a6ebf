"""The server and the hot-reloading screens side by side; Ctrl+C ends both."""

from __future__ import annotations

import argparse
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--port", default="8000")
    port = options.parse_args().port
    parts = [
        subprocess.Popen([str(ROOT / ".venv" / "bin" / "lab"), "serve", "--port", port], cwd=ROOT),
        subprocess.Popen(["node_modules/.bin/vite"], cwd=ROOT / "frontend"),
    ]
    try:
        return max(part.wait() for part in parts)
    except KeyboardInterrupt:
        return 0
    finally:
        for part in parts:
            part.terminate()
        for part in parts:
            part.wait()


if __name__ == "__main__":
    raise SystemExit(main())
