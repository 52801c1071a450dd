"""The procedure: terms and how they are counted, calendars, detection rules, causes of action."""
