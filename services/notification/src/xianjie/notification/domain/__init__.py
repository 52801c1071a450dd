"""What is true about notifications: facts, rules, the registry, messages. No IO."""
