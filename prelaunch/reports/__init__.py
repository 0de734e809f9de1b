"""Reports: one self-contained page a run, a page for a comparison, and the list of who was reached by what."""
