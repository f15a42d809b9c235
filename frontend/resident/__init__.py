"""Pages of the resident."""
