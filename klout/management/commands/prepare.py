"""What a start needs: the tables as this version wants them, the style sheets in their place."""

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Migrates the database and collects the static files, in one process."

    def handle(self, *args: object, **options: object) -> None:
        call_command("migrate", interactive=False)
        call_command("collectstatic", interactive=False, verbosity=0)
