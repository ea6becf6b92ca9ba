"""Encrypted attachments: upload, check, derivatives and short-lived links."""
