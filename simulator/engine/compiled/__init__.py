"""The compiled scheduler: one loop in true global time order over flat arrays, the same log as the reference.

The text of a cascade (decide, outcome, react) is written a second time here, flat; rules, draws, tables, feedback and
the figures of people are the same functions that the reference calls. Their logs are compared on random scenarios.
"""
