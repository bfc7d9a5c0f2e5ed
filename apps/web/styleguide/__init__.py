"""The page of the living parts, in local mode only."""
