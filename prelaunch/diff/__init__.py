"""How one version of a scenario differs from another, message by message: counts, rows, examples, screen."""
