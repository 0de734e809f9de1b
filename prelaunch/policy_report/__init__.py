"""The policy report: one page for the compliance officer that can be recomputed, signed and checked."""
