"""The worst plausible outcome of a scenario: what may vary, what is sought, the search, the smallest case found."""
