"""The chain's arithmetic: commitments and entry hashes."""
