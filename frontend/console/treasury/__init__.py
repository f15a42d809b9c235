"""The treasurer's pages, below /console/treasury/: what came in, what is owed, closed years, files, sums that agree."""
