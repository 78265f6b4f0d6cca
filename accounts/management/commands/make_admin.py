"""`make admin`: the first operator of a site, with an address and a password."""

import getpass
import os
import sys
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.utils import timezone

from accounts.models import Member
from accounts.services import register_operator


class Command(BaseCommand):
    help = (
        "Makes the first operator. Asks for what ADMIN_EMAIL, ADMIN_NAME and ADMIN_PASSWORD "
        "do not tell."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--another", action="store_true", help="one more, though there is one already"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        there = Member.objects.filter(is_staff=True).order_by("pk").first()
        if there and not options["another"]:
            raise CommandError(
                f"There is an operator already: {there.name} <{there.email}>. Nothing was changed. "
                'For one more: make manage DO="make_admin --another".'
            )
        email = self._email()
        name = _told("ADMIN_NAME", "Name [Operator]: ") or "Operator"
        password = self._password(email, name)
        register_operator(email=email, name=name, password=password, now=timezone.now())
        self.stdout.write(
            f"{name} <{email}> is an operator now. Sign in, add a second factor under Settings, "
            "and open the admin page."
        )

    def _email(self) -> str:
        email = _told("ADMIN_EMAIL", "E-mail address: ").strip()
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"{email or 'Nothing'} is no e-mail address.") from error
        if Member.objects.filter(email__iexact=email).exists():
            raise CommandError(
                f"{email} belongs to a member already. Nothing was changed: use another address."
            )
        return email

    def _password(self, email: str, name: str) -> str:
        password = os.environ.get("ADMIN_PASSWORD") or _typed_twice()
        try:
            validate_password(password, Member(email=email, name=name))
        except ValidationError as error:
            raise CommandError(
                f"This password will not do. {' '.join(error.messages)} Nothing was changed."
            ) from error
        return password


def _told(variable: str, question: str) -> str:
    told = os.environ.get(variable, "")
    if told or not sys.stdin.isatty():
        return told
    return input(question)


def _typed_twice() -> str:
    if not sys.stdin.isatty():
        raise CommandError("Nobody is here to type a password. Set ADMIN_PASSWORD.")
    password = getpass.getpass("Password (at least 10 characters): ")
    if getpass.getpass("Once more: ") != password:
        raise CommandError("These two differ. Nothing was changed.")
    return password
