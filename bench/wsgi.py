"""One server for both sides: the product with all its middleware, and below `bench/bare` and the lean addresses Django with none."""

import os

from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.test.utils import override_settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")

product = get_wsgi_application()
with override_settings(MIDDLEWARE=[]):
    without_middleware = WSGIHandler()


def application(environ, start_response):
    bare = environ["PATH_INFO"] in ("/bench/bare", "/bench/lean", "/bench/book-lean")
    return (without_middleware if bare else product)(environ, start_response)
