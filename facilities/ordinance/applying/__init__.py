"""Who may apply when: windows, limits, lotteries, registration, penalties."""
