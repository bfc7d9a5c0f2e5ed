"""Template tags of both HTML doors."""
