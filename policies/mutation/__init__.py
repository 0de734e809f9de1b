"""Small changes of rules, to see which of them a run would notice."""
