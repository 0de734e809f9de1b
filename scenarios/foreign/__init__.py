"""Logs and attempts that we did not produce: read, mapped to our columns, judged by the packs."""
