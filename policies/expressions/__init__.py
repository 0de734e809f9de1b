"""``when`` and ``unless`` of a rule: expressions in CEL over the facts of a message, evaluated once a combination."""
