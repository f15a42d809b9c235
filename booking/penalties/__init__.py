"""Offences (違反), what follows from them (措置), and appeals (異議申出)."""
