"""Files on their way in: the part of their life that is the same whatever they hold."""
