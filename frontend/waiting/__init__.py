"""Pages of waiting for a taken time, and of answering an offer."""
