"""What can be said of a series before anything is trained: its parts, its memory, whether it stands still."""
