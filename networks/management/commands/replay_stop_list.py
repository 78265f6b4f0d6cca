"""After a backup was restored: whoever had asked not to be counted is on the stop list again."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from networks.services.stop_list import replay


class Command(BaseCommand):
    help = "Puts the stop list as STOP_LIST says, after a restored backup. Safe to run anytime."

    def handle(self, *args: Any, **options: Any) -> None:
        changed = replay(timezone.now())
        if changed:
            self.stdout.write(f"{changed} on the stop list put right: a backup knew otherwise.")
        elif options["verbosity"] > 1:
            self.stdout.write("The stop list is as its file says.")
