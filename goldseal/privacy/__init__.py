"""Promises carried out: export, erasure and their proofs."""
