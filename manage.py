#!/usr/bin/env python
"""Django's command line; ``python -m cxsaas.local`` is the one that starts everything."""

import os
import sys

from django.core.management import execute_from_command_line

from cxsaas.local.environment import set_local_defaults

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cxsaas.settings")
    set_local_defaults()
    execute_from_command_line(sys.argv)
