"""`manage.py bring_to_life`: ada, grace and mallory sign up, link the playground and are scored."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from klout.demo.consent import ConsentError
from klout.demo.story import DemoError, Line, password_of_the_demo, tell
from networks.services import LinkError


class Command(BaseCommand):
    help = "Bring three example members to life on the playground; the worker must be running."

    def handle(self, *args: Any, **options: Any) -> None:
        self.say("Bringing ada, grace and mallory to life on the pretend network")
        try:
            lines = tell(self.say)
        except (DemoError, ConsentError, LinkError) as problem:
            raise CommandError(str(problem)) from problem
        for row in table(lines):
            self.say(row)
        self.say("")
        self.say(f"Sign in at {settings.BASE_URL}/account/login/ with one of these addresses")
        self.say(f"and the password {password_of_the_demo(settings.DATA_DIR)}")

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def table(lines: list[Line]) -> list[str]:
    """The table as lines of text: score, band, K to give, and under each the strongest reasons."""
    rows = ["", f"{'':<12} {'sign in as':<20} {'score':>6}  {'likely':<9} {'K to give':>9}"]
    for line in lines:
        rows.append(_row(line))
        rows += [f"    {reason}" for reason in _reasons(line)]
    return rows


def _row(line: Line) -> str:
    shown, likely = "-", "-"
    if line.score:
        shown = str(line.score.whole)
        likely = f"{line.score.low} to {line.score.high}"
    return f"{line.name:<12} {line.email:<20} {shown:>6}  {likely:<9} {line.to_give:>9}"


def _reasons(line: Line) -> list[str]:
    """The two strongest reasons, in the words of the page."""
    if line.score is None:
        return ["no score yet"]
    by_weight = sorted(line.score.contributions, key=lambda part: -part.share)
    reasons = [f"{part.platform_label} +{part.points}: {part.sentence}" for part in by_weight]
    reasons += [note for part in by_weight for note in part.notes]
    return reasons[:2]
