"""LINE: the municipality's official account, and which friend of it is which resident."""
