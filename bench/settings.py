"""The product's settings, with the addresses that only a bench run has."""

from dealership.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
# A key like the one a dealer management system would send; the servers listen on this machine only and end with the run.
BENCH_KEY = "bench-key-of-a-throw-away-server"
# Lets a measurement of public pages come from many addresses, as customers do; one address would soon be asked to wait.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
