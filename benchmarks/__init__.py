"""Measurements that are no tests: run by hand, compared within one run. See docs/measurements."""
