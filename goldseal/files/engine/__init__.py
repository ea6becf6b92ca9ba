"""What decides, cleans, encrypts and stores the bytes of an attachment: plain Python, without settings."""
