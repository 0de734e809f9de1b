"""Kinds that judge a whole run."""
