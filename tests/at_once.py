"""Real concurrency: calls that start together, each on a connection of its own."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run all calls in threads that start together; results or exceptions in their order."""
    results: list[Any] = [None] * len(calls)
    barrier = threading.Barrier(len(calls))

    def begin(place: int) -> bool:
        try:
            connection.ensure_connection()
        except Exception as error:
            # Who cannot even begin keeps nobody waiting, and is what went wrong.
            results[place] = error
            barrier.abort()
            return False
        return True

    def run(place: int, call: Callable[[], Any]) -> None:
        try:
            if begin(place):
                barrier.wait(30)
                results[place] = call()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=numbered) for numbered in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads), "one of them never came back"
    if any(isinstance(result, threading.BrokenBarrierError) for result in results):
        raise next(error for error in results if _is_cause(error))
    return results


def _is_cause(result: Any) -> bool:
    return isinstance(result, Exception) and not isinstance(result, threading.BrokenBarrierError)
