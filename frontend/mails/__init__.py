"""Mails: plain text, Japanese or the resident's English, sent by the worker only."""
