"""The document as people write it: its parts and the kinds of values in them. No meaning, no answers."""
