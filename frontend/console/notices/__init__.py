"""Pages on which a municipality words its notices, sees what became of them, and connects LINE."""
