"""What several tests need: small audiences and random scenarios."""
