"""Two versions of a rehearsal on the same draws: what differs message by message, and what was changed in the file."""
