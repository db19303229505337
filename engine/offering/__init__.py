"""What can be asked of a run's updates beside what passes its taps, one file per family. Computes nothing."""
