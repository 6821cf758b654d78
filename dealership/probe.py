"""`python -m dealership.probe`: exit 0 if the web server on this machine can do its work (the container's health)."""

from __future__ import annotations

import os
import sys
from http.client import HTTPConnection, HTTPException


def main() -> int:
    connection = HTTPConnection("127.0.0.1", int(os.environ.get("PORT") or 8000), timeout=8)
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip()
    try:
        # A name like `.example.cn` stands for the domain and all below it.
        connection.request("GET", "/readyz", headers={"Host": host.lstrip(".") if host != "*" else "localhost"})
        response = connection.getresponse()
    except (OSError, HTTPException) as error:
        print(error, file=sys.stderr)
        return 1
    print(response.status, response.read().decode(errors="replace"))
    return 0 if response.status == 200 else 1


if __name__ == "__main__":
    sys.exit(main())
