"""Keeps the children running: starts them in order, starts the dead again, stops all.

One thread, one loop; every wait is bounded and ends early when somebody presses Ctrl-C.
"""

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType

from klout.embedded import processes
from klout.embedded.problems import CannotStart
from klout.embedded.processes import Desk, Service

# A child that dies more often than this within the window is not started again.
MOST_DEATHS = 8
WINDOW = 300.0
LONGEST_PAUSE = 8.0


def say(text: str = "") -> None:
    """One line to the terminal; a terminal that was closed is no reason to fail."""
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


def nothing() -> None:
    pass


@dataclass
class Child:
    service: Service
    process: subprocess.Popen[bytes]
    deaths: list[float] = field(default_factory=list)
    next_start: float | None = None


class Supervisor:
    """Servers are given to `start`; what needs them, to `begin`."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.servers: list[Child] = []
        self.workers: list[Child] = []
        self.asked_to_stop = 0

    def listen_to_signals(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def is_wanted(self) -> bool:
        return not self.asked_to_stop

    def start(self, service: Service) -> None:
        """Starts a server and waits until it answers."""
        if self.is_wanted():
            self.servers.append(Child(service, processes.start(service, self.desk)))
            self._wait_until_ready(self.servers[-1])

    def begin(self, service: Service) -> None:
        """Starts without waiting."""
        if self.is_wanted():
            self.workers.append(Child(service, processes.start(service, self.desk)))

    def wait_for(self, name: str) -> None:
        """Waits until the named one answers; raises CannotStart with its log if it does not."""
        for child in self.workers:
            if child.service.name == name:
                self._wait_until_ready(child)

    def run_step(self, service: Service, *, meanwhile: Callable[[], None] = nothing) -> None:
        """Runs a program to its end, or until Ctrl-C; raises CannotStart if it fails."""
        if not self.is_wanted():
            return
        process = processes.start(service, self.desk)
        try:
            while process.poll() is None and self.is_wanted():
                meanwhile()
                time.sleep(0.05)
            ended_by_itself = process.poll() is not None
        finally:
            processes.stop(process, service, self.desk)
        if ended_by_itself and process.returncode != 0:
            raise CannotStart(
                processes.story(service, self.desk, f"failed with code {process.returncode}")
            )

    def tend(self) -> None:
        """One look at every child; the dead are started again after a growing pause."""
        for child in (*self.servers, *self.workers):
            if child.next_start is not None:
                if time.monotonic() >= child.next_start:
                    child.process = processes.start(child.service, self.desk)
                    child.next_start = None
            elif child.process.poll() is not None:
                self._on_death(child)

    def stop_all(self) -> None:
        """First all that work, together; then the servers they need, the latest first."""
        for child in self.workers:
            child.process.send_signal(child.service.stop_signal)
        for child in (*reversed(self.workers), *reversed(self.servers)):
            processes.stop(child.process, child.service, self.desk, hurry=self._is_hurried)
        self.workers.clear()
        self.servers.clear()

    def _wait_until_ready(self, child: Child) -> None:
        child.process = processes.wait_until_ready(
            child.process, child.service, self.desk, wanted=self.is_wanted
        )

    def _is_hurried(self) -> bool:
        return self.asked_to_stop > 1

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.asked_to_stop += 1

    def _on_death(self, child: Child) -> None:
        service, code, now = child.service, child.process.returncode, time.monotonic()
        processes.kill_group(child.process.pid)
        child.deaths = [*(at for at in child.deaths if now - at < WINDOW), now]
        if len(child.deaths) > MOST_DEATHS:
            raise CannotStart(
                processes.story(
                    service, self.desk, f"ended {len(child.deaths)} times within minutes"
                )
            )
        pause = min(0.25 * 2 ** len(child.deaths), LONGEST_PAUSE)
        child.next_start = now + pause
        say(
            f"{service.name} ended (code {code}); starting it again. Its log: "
            f"{self.desk.log(service)}"
        )
