"""What a message says: normalisation, lexicons, SMS segments, template lint, and the checks of the kind ``content``."""
