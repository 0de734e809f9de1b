"""What to try: scenario files, the audience, experiments. Imports ``simulator`` and ``policies``."""
