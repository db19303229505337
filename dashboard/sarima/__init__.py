"""The parts of the SARIMA page: what is asked, how far it is, what was found."""
