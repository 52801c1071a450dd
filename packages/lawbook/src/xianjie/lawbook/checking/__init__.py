"""Whether the law data is sound: references, citations, numbers held against articles, coverage."""
