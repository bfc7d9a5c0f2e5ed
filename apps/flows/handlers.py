"""What each fact sets in motion: at most five lines each, decisions live in the rooms below."""
