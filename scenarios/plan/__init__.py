"""Plans for the verifier, made of prepared scenarios, and witnesses written as scenarios and played again."""
