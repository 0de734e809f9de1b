"""Logs in which every breach is known because it was planted, among clean neighbours and at the very limits.

The planters never ask the rules. What they expect follows from what they did: they know the rules of their packs by
their words (between nine and nine, two a day, ...), break one rule in one place, and note the place and the rule.

``planter``, ``breaches`` and ``limits`` are about messages, ``run_planter`` and the modules ``run_*`` about whole runs.
"""
