"""What every room may use and none owns: identifiers, clock, errors, declarations, isolation. No models."""
