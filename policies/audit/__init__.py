"""The audit: every answer of every rule to every message of a log, by the functions of the gate."""
