"""Waiting for taken times, releases of cancelled ones, and the offers made meanwhile; see docs/waiting.md."""
