"""PostgreSQL and Valkey out of Python wheels, for trying the product and for its tests.

An extra: production has real servers and does not install the wheels. `addresses` is all that settings need of it.
"""
