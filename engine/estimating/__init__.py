"""Maximum likelihood for the models that are estimated rather than trained. Knows no file and no page."""
