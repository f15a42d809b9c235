"""Ways to reach people. A channel is a class with ``capabilities`` and ``send`` (accounts.channels.base)."""
