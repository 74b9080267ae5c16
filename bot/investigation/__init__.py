"""Investigation: one small module per question about an alert."""
