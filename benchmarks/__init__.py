"""Measurements of speed, as ratios within one run. Each prints a table and one JSON object."""
