"""How much one hand may do in an hour. Published on the rules page; the database is the judge.

Counted from the rows themselves, under the lock of the hand that acts, so that the limits hold
for any number of requests at once.
"""

from datetime import timedelta

HOUR = timedelta(hours=1)
GIFTS_AN_HOUR = 60
REPORTS_AN_HOUR = 10
BLOCKS_AN_HOUR = 30
# Reported words; what was decided about them stays.
REPORTS_KEPT = timedelta(days=30)
