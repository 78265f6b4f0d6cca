"""`python -m playground migrate` and the other commands of Django, with the own settings."""

import os
import sys

from django.core.management import execute_from_command_line

os.environ["DJANGO_SETTINGS_MODULE"] = "playground.settings"
execute_from_command_line(["python -m playground", *sys.argv[1:]])
