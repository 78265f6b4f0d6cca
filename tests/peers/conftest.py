"""Says loudly what was not run."""

import pytest

from tests.peers.ready import NOT_RUN


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    left_out = [r for r in terminalreporter.stats.get("skipped", []) if NOT_RUN in str(r.longrepr)]
    if left_out:
        terminalreporter.section(f"{len(left_out)} TESTS AGAINST REAL SERVERS WERE NOT RUN", "!")
        terminalreporter.line("Nothing is proven against them by this run; the reasons are above.")
