"""The rules of corrective action, plain Python: states, quantities, causes, effect, reminders."""
