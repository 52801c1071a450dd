"""From the files of the law to values: a closed subset of YAML, records, archives."""
