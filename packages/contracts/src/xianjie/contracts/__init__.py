"""What every part of Xianjie agrees on: events, their envelope, their bytes, and what can go wrong.

`catalogue` lists the event types, `events` holds the model of the data of each, `envelope.read_event` checks
one event and tells every problem in Chinese and English, `canonical` gives the bytes that digests and
signatures speak of, `errors` the failures that cross a border, and `schemas` the documents made from it.
The package knows the form of events, not the law, and does no input or output except in `schemas`.
"""
