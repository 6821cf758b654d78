#!/usr/bin/env python
"""Django's command line for this project."""

import os
import sys

NOT_INSTALLED = "Django is not installed here. Run `make up` once, then use .venv/bin/python manage.py …"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dealership.settings")
    try:
        from django.core.management import execute_from_command_line

        from dealership.embedded.command import servers_for
    except ImportError:
        sys.exit(NOT_INSTALLED)
    with servers_for(sys.argv):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
