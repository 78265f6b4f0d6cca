"""Starting, recognising and stopping: bounded, and never the wrong one."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from klout.embedded import processes
from klout.embedded.problems import CannotStart
from klout.embedded.processes import Desk, Service
from klout.supervisor import MOST_DEATHS, Supervisor
from tests.embedded.conftest import Runner

SLEEP = Service("sleeper", ("sleep", "60"))
STUBBORN = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); "


def python(code: str) -> Service:
    return Service("program", (sys.executable, "-c", code))


def test_a_process_is_known_by_pid_and_birth(runner: Runner) -> None:
    process = runner.start(SLEEP)
    born = processes.started_at(process.pid)
    assert born is not None
    assert processes.started_at(process.pid) == born
    process.kill()
    process.wait()
    assert processes.started_at(process.pid) is None


def test_what_a_killed_supervisor_left_behind_is_stopped(runner: Runner, desk: Desk) -> None:
    process = runner.start(SLEEP)
    assert processes.stop_orphans(["none", SLEEP.name], desk) == [SLEEP.name]
    assert process.wait(5) == -signal.SIGTERM
    assert processes.stop_orphans([SLEEP.name], desk) == []


def test_a_recycled_pid_is_never_signalled(runner: Runner, desk: Desk) -> None:
    process = runner.start(SLEEP)
    file = desk.pid_file(SLEEP)
    file.write_text(json.dumps({"pid": process.pid, "started_at": "another boot:1"}))
    assert processes.stop_orphans([SLEEP.name], desk) == []
    assert process.poll() is None


@pytest.mark.parametrize("text", ["", "{", '{"pid": "x"}', "[]", '{"pid": 1, "started_at": null}'])
def test_a_damaged_pid_file_is_no_process(desk: Desk, text: str) -> None:
    desk.pid_file(SLEEP).write_text(text)
    assert processes.stop_orphans([SLEEP.name], desk) == []


def test_who_ignores_the_signal_is_ended_with_its_children(desk: Desk) -> None:
    code = STUBBORN + "import subprocess; subprocess.Popen(['sleep', '60']); time.sleep(60)"
    service = replace(
        python(code),
        stop_within=0.2,
        is_ready=lambda: "up" in desk.log(python(code)).read_text(),
    )
    process = processes.start(service, desk)
    processes.wait_until_ready(process, service, desk)
    processes.stop(process, service, desk)
    assert process.returncode == -signal.SIGKILL
    until = time.monotonic() + 5
    while group_lives(process.pid):
        assert time.monotonic() < until


def test_who_never_answers_is_given_up_with_its_last_words(desk: Desk) -> None:
    service = replace(
        python("import time; print('I am stuck', flush=True); time.sleep(60)"),
        is_ready=lambda: False,
        ready_within=0.7,
    )
    process = processes.start(service, desk)
    with pytest.raises(CannotStart, match=r"did not answer within 1 s.*\n.*I am stuck"):
        processes.wait_until_ready(process, service, desk)
    assert process.poll() is not None


def test_who_ends_at_once_is_told_with_its_last_words(desk: Desk) -> None:
    service = replace(python("print('no such table'); raise SystemExit(3)"), is_ready=lambda: False)
    process = processes.start(service, desk)
    with pytest.raises(CannotStart, match=r"ended with code 3.*\n.*no such table"):
        processes.wait_until_ready(process, service, desk)


def test_one_that_needs_a_second_try_gets_it(desk: Desk, runner: Runner) -> None:
    mark = desk.logs / "tried"
    code = f"import os, sys, time; p = {str(mark)!r}\n"
    code += "if not os.path.exists(p): open(p, 'w'); sys.exit(1)\n"
    code += "print('second', flush=True); time.sleep(60)"
    service = replace(python(code), retry_for=10.0)
    runner.start(replace(service, is_ready=lambda: "second" in desk.log(service).read_text()))


def test_a_dead_child_is_started_again(desk: Desk) -> None:
    supervisor = Supervisor(desk)
    supervisor.begin(SLEEP)
    first = supervisor.workers[0].process
    first.kill()
    first.wait()
    until = time.monotonic() + 10
    while supervisor.workers[0].process is first and time.monotonic() < until:
        supervisor.tend()
    assert supervisor.workers[0].process.poll() is None
    supervisor.stop_all()
    assert not any(desk.pids.iterdir())


def test_a_child_that_keeps_dying_is_given_up(desk: Desk) -> None:
    supervisor = Supervisor(desk)
    supervisor.begin(python("print('broken')"))
    child = supervisor.workers[0]
    child.deaths = [time.monotonic()] * MOST_DEATHS
    child.process.wait(10)
    with pytest.raises(CannotStart, match=r"ended 9 times within minutes.*\n.*broken"):
        supervisor.tend()
    supervisor.stop_all()


def test_workers_stop_before_the_servers_they_need(desk: Desk) -> None:
    ended = desk.logs / "order"
    code = "import signal, sys, time\ndef end(*_):\n    open({!r}, 'a').write({!r}); sys.exit()\n"
    code += "signal.signal(15, end)\nprint('up', flush=True)\ntime.sleep(60)"
    supervisor = Supervisor(desk)
    for name in ("first server", "second server"):
        service = Service(name, (sys.executable, "-c", code.format(str(ended), f"{name}\n")))
        supervisor.start(replace(service, is_ready=lambda s=service: _is_up(desk, s)))
    worker = Service("worker", (sys.executable, "-c", code.format(str(ended), "worker\n")))
    supervisor.begin(replace(worker, is_ready=lambda: _is_up(desk, worker)))
    supervisor.wait_for("worker")
    supervisor.stop_all()
    assert ended.read_text().split("\n") == ["worker", "second server", "first server", ""]


def test_a_step_that_fails_is_told_with_its_last_words(desk: Desk) -> None:
    with pytest.raises(CannotStart, match=r"failed with code 2.*\n.*no such column"):
        Supervisor(desk).run_step(python("print('no such column'); raise SystemExit(2)"))


def test_once_asked_to_stop_nothing_more_is_started(desk: Desk) -> None:
    supervisor = Supervisor(desk)
    supervisor.asked_to_stop = 1
    supervisor.start(SLEEP)
    supervisor.begin(SLEEP)
    supervisor.run_step(SLEEP)
    assert not any(desk.pids.iterdir())


def test_a_log_that_grew_large_is_put_aside_at_a_start(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "LARGEST_LOG", 10)
    desk.log(SLEEP).write_text("x" * 11)
    processes.stop(processes.start(SLEEP, desk), SLEEP, desk)
    assert desk.log(SLEEP).read_text() == ""
    assert (desk.logs / "sleeper.log.old").read_text() == "x" * 11


def test_children_have_a_session_of_their_own(runner: Runner) -> None:
    process = runner.start(SLEEP)
    assert os.getsid(process.pid) == process.pid
    assert isinstance(process, subprocess.Popen)


def _is_up(desk: Desk, service: Service) -> bool:
    return "up" in desk.log(service).read_text()


def group_lives(leader: int) -> bool:
    try:
        os.killpg(leader, 0)
    except ProcessLookupError:
        return False
    return True
