"""Reports: render, number, seal, share and verify."""
