"""Programs that measure the system beside a limit taken in the same run, and print both and their ratio."""
