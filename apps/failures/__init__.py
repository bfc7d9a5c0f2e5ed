"""Service failures: what went wrong, for whom, how badly, from which evidence."""
