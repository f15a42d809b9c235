"""From text to document: reading, and every mistake at its line in words; the JSON Schema."""
