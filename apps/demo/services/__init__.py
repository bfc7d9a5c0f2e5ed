"""Writes of the demo: its businesses, their people, and the year they have had."""

from apps.demo.services.founding import PASSWORD
from apps.demo.services.removal import ask_for_removal
from apps.demo.services.scale import Size, seed_scale
from apps.demo.services.telling import is_seeded, seed_demo

__all__ = ["PASSWORD", "Size", "ask_for_removal", "is_seeded", "seed_demo", "seed_scale"]
