"""The operator's way onto the stop list, for networks on which no code can be looked at.

Who writes has to show the operator that the account is theirs; the operator looks.
"""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from networks.registry import PLATFORMS
from networks.services.stop_list import Wish, heed


class Command(BaseCommand):
    help = "Puts somebody who asked for it on the stop list, or takes them off again."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("platform", choices=sorted(PLATFORMS))
        parser.add_argument("key", help="What names the person there; see docs/stop-list.md.")
        parser.add_argument("--count-again", action="store_true", help="Take them off the list.")

    def handle(self, *args: Any, **options: Any) -> None:
        wish = Wish.COUNT if options["count_again"] else Wish.STOP
        heed(options["platform"], options["key"], wish, timezone.now())
        told = "They may be counted again." if options["count_again"] else "They are on the list."
        self.stdout.write(told)
