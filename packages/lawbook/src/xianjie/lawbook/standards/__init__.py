"""Filing standards: the catalogue, judging facts against it, and what is shown beside a judgement."""
