"""What is true of a case: pure functions over its events, the law and a moment.

`history` says which events count, `regions` in which states the case stands, `clocks` which duties run,
`judging` whether a filing standard is met, `findings` what somebody should look at. `snapshot` is all of
it at one moment, and `standing` is what the platform has said so far.
"""
