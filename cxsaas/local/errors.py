"""The one error of the local stack: a sentence for the person who typed the command."""


class LocalError(Exception):
    """Something the person at the terminal can read and act upon; never a traceback."""
