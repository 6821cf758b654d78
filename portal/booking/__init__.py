"""The public booking pages: anybody may book, nobody needs an account, nothing on file is told to a stranger.

Four pages in a row, each an address that works without scripts: what for, when, who, done. What was chosen travels in the
address; a chosen time is held while the rest is filled in. Who has been here before may show that he holds the phone on
file and is then spared typing.
"""
