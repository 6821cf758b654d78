"""A relay in a process of its own, for tests that kill it: `python -m tests.messaging.relay_process`.

Prints "ready", and the ids of the messages each time it claims some.
"""

import time

import django


def main() -> None:
    django.setup()
    from messaging import domain as messaging
    from messaging.domain import relay

    claim = relay.claim

    def told(*args):
        claims = claim(*args)
        if claims:
            print(*(one.message.pk for one in claims), flush=True)
        return claims

    relay.claim = told
    print("ready", flush=True)
    while True:
        messaging.relay_due(seconds=5)
        time.sleep(0.01)


if __name__ == "__main__":
    main()
