"""A log of events as the rules read it: codes instead of names, messages person by person with what went before."""
