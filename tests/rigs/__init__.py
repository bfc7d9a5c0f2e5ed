"""Rigs: stand-ins for the outside world and the means to break things on purpose, loopback only."""
