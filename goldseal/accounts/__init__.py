"""A person: sign-in, factors, sessions, API tokens."""
