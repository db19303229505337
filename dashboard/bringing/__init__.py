"""The parts of the Data page that turn a person's file into a series: bring, choose, answer, mend."""
