"""Rules of inspection in plain Python: sampling, drawing, events, verdict, measurement, metrics."""
