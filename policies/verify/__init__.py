"""The verifier: what a plan can do to anybody at any time, and what rules say of it. Proofs, no samples."""
