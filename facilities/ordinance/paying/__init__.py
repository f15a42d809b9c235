"""When it is paid, and what money follows a cancellation or a change."""
