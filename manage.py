#!/usr/bin/env python
"""Django's command line, with this clone's own servers behind it when no others are named."""

import os
import sys


def main() -> None:
    """Run one command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")
    from django.core.management import execute_from_command_line

    from config.children import Unable
    from config.embedded import servers_for

    try:
        with servers_for(sys.argv):
            execute_from_command_line(sys.argv)
    except Unable as unable:
        sys.exit(str(unable))


if __name__ == "__main__":
    main()
