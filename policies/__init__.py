"""What may be sent: records, rules, packs, the gate, the audit. Imports none of the other packages."""
