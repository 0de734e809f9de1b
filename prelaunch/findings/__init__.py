"""What is done with findings: exceptions, comparison with an earlier run, what counts, and where they are read from."""
