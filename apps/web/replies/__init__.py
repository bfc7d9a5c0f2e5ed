"""The templates that replies begin with."""
