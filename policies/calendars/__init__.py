"""Wall clocks, working days and holidays: when it is what time and which kind of day for a recipient."""
