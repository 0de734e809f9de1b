"""Experiments: scenarios side by side, statistics over replications."""
