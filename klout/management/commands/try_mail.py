"""`manage.py try_mail you@example.org`: send a mail, and say which step failed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from klout.mail_check import check_mail


class Command(BaseCommand):
    help = "Sends a mail to an address of yours and reports the exact step that failed, if any."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("to", help="where to")

    def handle(self, *args: Any, **options: Any) -> None:
        steps = check_mail(options["to"])
        for step in steps:
            self.stdout.write(f"{'ok  ' if step.is_well else 'FAIL'} {step.name}: {step.said}")
        if not steps[-1].is_well:
            raise CommandError(steps[-1].advice)
        self.stdout.write("The server has taken the mail. Look whether it arrives.")
