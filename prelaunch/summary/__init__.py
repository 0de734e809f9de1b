"""What a run came to, in numbers. Heavy imports wait until ``prelaunch.summary.summarise`` is asked for."""
