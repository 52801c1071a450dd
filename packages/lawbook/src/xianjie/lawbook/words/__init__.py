"""The law in words for people: explanations of judgements, descriptions of standards, terms and rules."""
