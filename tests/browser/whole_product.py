"""The whole product as `make run` starts it: embedded servers, worker, clock, playground."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from tests.free_ports import two_free_ports

ROOT = Path(__file__).resolve().parents[2]
# Generous: two cores may be shared by two of these.
START_WITHIN_SECONDS = 240.0
KEPT = ("PATH", "HOME", "LANG", "CHROMIUM", "TMPDIR")


def listen(
    process: subprocess.Popen[str], until: str, output: list[str], has_spoken: threading.Event
) -> None:
    """Collect what it prints; it has spoken when a line contains `until`, or at its end."""
    assert process.stdout
    with process.stdout as lines:
        for line in lines:
            output.append(line)
            if until in line:
                has_spoken.set()
    has_spoken.set()


class Product:
    """`python -m klout.up` on a data folder of its own; the same folder again after a stop."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.port = two_free_ports()
        self._process: subprocess.Popen[str] | None = None

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def playground(self) -> str:
        return f"127.0.0.1:{self.port + 1}"

    @property
    def demo_password(self) -> str:
        return (self.data_dir / "secrets" / "demo-password").read_text()

    @property
    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        return kept | {"DATA_DIR": str(self.data_dir), "PORT": str(self.port), "FORCE": "1"}

    def start(self, until: str) -> None:
        """Start, and wait for a line that contains `until`."""
        output: list[str] = []
        has_spoken = threading.Event()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "klout.up"],
            cwd=ROOT,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        listener = (self._process, until, output, has_spoken)
        threading.Thread(target=listen, args=listener, daemon=True).start()
        assert has_spoken.wait(START_WITHIN_SECONDS), "".join(output)
        assert any(until in line for line in output), "".join(output)

    def stop(self) -> None:
        if self._process:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(60)

    def forget(self) -> None:
        """As `make reset`: also what lies outside the data folder when root runs the tests."""
        command = [sys.executable, "-m", "klout.reset"]
        subprocess.run(command, cwd=ROOT, env=self._environment, check=True, capture_output=True)

    def kill_everything(self) -> None:
        """kill -9 of the supervisor and of all it started, at the same moment."""
        assert self._process
        for place in (self.data_dir / "pids").iterdir():
            os.killpg(json.loads(place.read_text())["pid"], signal.SIGKILL)
        self._process.kill()
        self._process.wait(60)
