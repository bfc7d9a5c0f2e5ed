"""What the demo tells: names and words, nothing else."""
