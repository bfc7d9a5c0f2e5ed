"""The unified inbox: reviews and answers from all sources."""
