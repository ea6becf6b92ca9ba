"""What goes out to people and comes in from them: e-mail first."""
