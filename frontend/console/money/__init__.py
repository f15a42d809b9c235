"""Money in the municipality admin's pages: whose it is, and how it comes in."""
