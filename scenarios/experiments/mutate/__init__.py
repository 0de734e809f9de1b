"""Which small changes of guards and rules the checks of a scenario would notice."""
