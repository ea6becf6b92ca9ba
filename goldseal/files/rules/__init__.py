"""Names, links and the upload protocol's headers: plain Python without Django, clock or randomness."""
