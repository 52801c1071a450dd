"""Records of questions and answers, from which the same bytes come again."""
