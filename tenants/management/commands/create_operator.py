"""manage.py create_operator: a log-in for the joint operator (共同調達の事務局) on the public host."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from tenants.context import inside_public


class Command(BaseCommand):
    """Without a password the operator signs in with a code sent by mail."""

    help = "Creates a log-in for the joint operator, or gives an existing one a new password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare what the command takes."""
        parser.add_argument("--email", required=True)
        parser.add_argument(
            "--password-from-stdin",
            action="store_true",
            help="read the password from the first line of standard input",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Create the log-in in schema public."""
        email = options["email"].strip().lower()
        password = sys.stdin.readline().rstrip("\r\n") if options["password_from_stdin"] else None
        users = get_user_model()
        with inside_public():
            try:
                validate_email(email)
                if password is not None:
                    validate_password(password, users(email=email))
            except ValidationError as error:
                raise CommandError(" ".join(error.messages)) from error
            user, created = users.objects.get_or_create(email=email)
            if created or password is not None:
                user.set_password(password)
                user.save(update_fields=["password"])
            # Whoever may run this command vouches for the address; without that a mail would have to prove it.
            EmailAddress.objects.update_or_create(
                user=user, email=email, defaults={"verified": True, "primary": True}
            )
        self.stdout.write(f"{email}: {'created' if created else 'was there already'}")
