"""Starting, recognising and stopping processes; every wait has an end.

A process is known by its pid together with the moment it started, so that a pid that now belongs
to somebody else is never signalled.
"""

import contextlib
import json
import os
import platform
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from klout.embedded.places import RunAs
from klout.embedded.problems import CannotStart, explained

LARGEST_LOG = 10_000_000
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def always() -> bool:
    return True


def never() -> bool:
    return False


@dataclass(frozen=True)
class Service:
    """How to run one program and how to know that it is up; times are in seconds."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    is_ready: Callable[[], bool] = always
    ready_within: float = 30.0
    # An exit before it was ready is tried again for this long.
    retry_for: float = 0.0
    stop_signal: signal.Signals = signal.SIGTERM
    stop_within: float = 10.0
    run_as: RunAs | None = None
    folder: Path | None = None


@dataclass(frozen=True)
class Desk:
    """Where the logs and the pid files of the services are."""

    logs: Path
    pids: Path

    def log(self, service: Service) -> Path:
        return self.logs / f"{service.name}.log"

    def pid_file(self, service: Service) -> Path:
        return self.pids / f"{service.name}.pid"


def started_at(pid: int) -> str | None:
    """A text that stays the same as long as the process lives; None if there is none.

    A process that has ended and only waits to be collected counts as none.
    """
    if platform.system() == "Linux":
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return None
        return None if fields[0] in "ZX" else f"{BOOT_ID.read_text().strip()}:{fields[19]}"
    shown = subprocess.run(
        ["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True
    ).stdout.split(maxsplit=1)
    return shown[1].strip() if len(shown) == 2 and "Z" not in shown[0] else None


def command_line(pid: int) -> list[str]:
    """The words the process was started with; empty if there is none."""
    if platform.system() == "Linux":
        with contextlib.suppress(OSError):
            words = Path(f"/proc/{pid}/cmdline").read_bytes().rstrip(b"\0").split(b"\0")
            return [os.fsdecode(word) for word in words]
        return []
    shown = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True)
    return shown.stdout.split()


def start(service: Service, desk: Desk) -> subprocess.Popen[bytes]:
    """Starts it in a session of its own, so that Ctrl-C in the terminal reaches only us."""
    user = service.run_as
    try:
        put_aside(desk.log(service))
        with desk.log(service).open("ab") as log:
            process = subprocess.Popen(
                service.command,
                env={**os.environ, **service.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=service.folder,
                start_new_session=True,
                user=user.uid if user else None,
                group=user.gid if user else None,
                extra_groups=[] if user else None,
            )
        remember(process.pid, desk.pid_file(service))
    except OSError as error:
        raise explained(error, desk.logs) from error
    return process


def wait_until_ready(
    process: subprocess.Popen[bytes],
    service: Service,
    desk: Desk,
    *,
    wanted: Callable[[], bool] = always,
) -> subprocess.Popen[bytes]:
    """Waits until it answers; returns the process, another one where the first was in vain.

    Raises CannotStart with the last lines of its log when it does not answer. `wanted` is asked
    between the looks: once it says no, the wait ends.
    """
    begin = time.monotonic()
    while wanted():
        waited = time.monotonic() - begin
        if process.poll() is not None:
            if waited > service.retry_for:
                raise CannotStart(story(service, desk, f"ended with code {process.returncode}"))
            time.sleep(0.5)
            process = start(service, desk)
        elif service.is_ready():
            break
        elif waited > service.ready_within:
            stop(process, service, desk)
            raise CannotStart(
                story(service, desk, f"did not answer within {service.ready_within:.0f} s")
            )
        time.sleep(0.05)
    return process


def stop(
    process: subprocess.Popen[bytes],
    service: Service,
    desk: Desk,
    *,
    hurry: Callable[[], bool] = never,
) -> None:
    """Asks it to end, waits, and ends it with its children if it does not or `hurry` says so."""
    if process.poll() is None:
        process.send_signal(service.stop_signal)
        until = time.monotonic() + service.stop_within
        while process.poll() is None and time.monotonic() < until and not hurry():
            time.sleep(0.02)
    kill_group(process.pid)
    process.wait(5)
    desk.pid_file(service).unlink(missing_ok=True)


def stop_orphans(names: Sequence[str], desk: Desk, *, within: float = 3.0) -> list[str]:
    """Stops what an earlier, killed supervisor left behind; returns the names of those.

    Together and with little patience: whatever they had begun is begun again.
    """
    files = {name: desk.pids / f"{name}.pid" for name in names}
    left = {name: pid for name, file in files.items() if (pid := remembered(file)) is not None}
    for pid in left.values():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    until = time.monotonic() + within
    for pid in left.values():
        stop_stranger(pid, signal.SIGTERM, max(0.0, until - time.monotonic()))
    for file in files.values():
        file.unlink(missing_ok=True)
    return list(left)


def stop_stranger(pid: int, stop_signal: signal.Signals, within: float) -> None:
    """Stops a process that is not our child."""
    born = started_at(pid)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, stop_signal)
    until = time.monotonic() + within
    while time.monotonic() < until and started_at(pid) == born:
        time.sleep(0.05)
    if started_at(pid) == born:
        kill_group(pid)


def kill_group(pid: int) -> None:
    """Ends all that is left of the session that the process leads."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def put_aside(log: Path) -> None:
    """A log that has grown large becomes the `.old` one, of which there is one."""
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_suffix(".log.old"))


def last_lines(path: Path, count: int = 15) -> str:
    """The end of a log, for people."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - 16_384))
            text = file.read().decode(errors="replace")
    except OSError:
        return ""
    return "\n".join(f"    {line}" for line in text.splitlines()[-count:])


def story(service: Service, desk: Desk, what: str) -> str:
    """What happened, what was kept, what to do: for a service that did not do as it should."""
    log = desk.log(service)
    return (
        f"{service.name} {what}. All data are kept. The end of {log}:\n{last_lines(log)}\n"
        "Mend what it says and run the command again."
    )


def remember(pid: int, file: Path) -> None:
    """Writes down which process this is, so that it is known again after a kill of ours."""
    temporary = file.with_suffix(".new")
    temporary.write_text(json.dumps({"pid": pid, "started_at": started_at(pid)}))
    temporary.replace(file)


def remembered(file: Path) -> int | None:
    """The pid in the file if that very process still lives."""
    try:
        said = json.loads(file.read_text())
        pid, born = int(said["pid"]), said["started_at"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return pid if born is not None and started_at(pid) == born else None
