"""QR codes on printed sheets: whoever scans one lands on the page of the visit."""

import segno
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe


def qr_svg(path: str) -> SafeString:
    """An inline SVG with the full address of a page of this site, for the sheet's `qr`."""
    code = segno.make(f"{settings.PUBLIC_URL.rstrip('/')}{path}", error="m")
    return mark_safe(code.svg_inline(scale=2, border=0, omitsize=True))  # noqa: S308 - made by segno, from our own address
