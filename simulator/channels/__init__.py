"""One module a channel: life cycle, charge events, limits, and defaults with their sources."""
