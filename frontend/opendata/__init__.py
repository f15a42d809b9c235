"""What the municipality publishes for everybody to use again: its halls, when rooms are free, and what there is."""
