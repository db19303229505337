"""Recipes: sets of decisions that somebody published, to be made again on a person's own series."""
