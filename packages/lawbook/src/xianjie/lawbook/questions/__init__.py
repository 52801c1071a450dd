"""Questions about due days that can be written down, and their answers by a whole law."""
