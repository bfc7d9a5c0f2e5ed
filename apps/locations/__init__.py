"""The business's places, its brand, and the public sites it asks people to."""
