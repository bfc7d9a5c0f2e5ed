"""The inbox: what customers say, in three panes."""
