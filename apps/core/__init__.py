"""A closed list of helpers without a word of the domain."""
