"""What customers answer: ratings, words, and wishes to be called."""
