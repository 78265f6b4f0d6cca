"""python -m tests.scoring.killed_night NOW STEP: a night whose process is killed at a step."""

import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

import django


def die(*args: object, **kwargs: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def then_die(does: Callable[..., Any]) -> Callable[..., Any]:
    def wrapped(*args: Any, **kwargs: Any) -> None:
        does(*args, **kwargs)
        die()

    return wrapped


def main() -> None:
    django.setup()
    from scoring import flow, inputs
    from scoring.day_files import writing
    from scoring.services import compute, night, run_night, store
    from scoring.services.workplace import Workplace

    now, step = datetime.fromisoformat(sys.argv[1]), sys.argv[2]
    make = Workplace.make

    def make_then_die(self: Workplace, name: str, write: Any) -> bool:
        made = make(self, name, write)
        if name == step:
            die()
        return made

    compute.ROWS_PER_PIECE = 1
    Workplace.make = make_then_die  # type: ignore[method-assign]
    places = {
        "day file": (writing.Writer, "_seal"),
        "copied": (inputs, "copy_out"),
        "spread": (flow, "spread"),
        "scoring": (compute, "_score"),
        "storing": (store, "_alive"),
        "finishing": (night, "_finish"),
    }
    if step in places:
        module, name = places[step]
        setattr(module, name, then_die(getattr(module, name)))
    run_night(now.date(), now)


if __name__ == "__main__":
    main()
