"""Pictures and signatures of a visit. Every picture is decoded and encoded anew: location data, hidden payloads and
over-sized canvases do not get in."""

from __future__ import annotations

import base64
import hashlib
import io
import uuid

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError
from pillow_heif import register_heif_opener

from core import clock
from core.actors import Actor, HasActor, actor_of
from core.errors import DomainError
from visits.choices import PhotoKind, SignaturePurpose
from visits.models import Photo, Signature, Visit

register_heif_opener()

MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 60_000_000  # a 48-megapixel phone passes, a picture bomb does not
LONG_EDGE = 2048
FORMATS = {"JPEG", "PNG", "WEBP", "HEIF"}


def reencode(data: bytes) -> tuple[bytes, int, int]:
    """JPEG bytes with width and height from an uploaded picture; DomainError when it is none, or too large."""
    if len(data) > MAX_BYTES:
        raise DomainError(
            _("The picture is larger than 15 MB; take it again at a lower resolution."),
            code="too_large",
        )
    try:
        with Image.open(io.BytesIO(data)) as picture:
            if picture.format not in FORMATS or picture.width * picture.height > MAX_PIXELS:
                raise DomainError(
                    _("This file is not a picture we can take (JPEG, PNG, WebP or HEIC)."),
                    code="not_a_picture",
                )
            picture = ImageOps.exif_transpose(picture).convert("RGB")
    except DomainError:
        raise
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        OSError,
        ValueError,
        SyntaxError,
    ) as error:
        raise DomainError(
            _("This file is not a picture we can take (JPEG, PNG, WebP or HEIC)."),
            code="not_a_picture",
        ) from error
    picture.thumbnail((LONG_EDGE, LONG_EDGE))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue(), picture.width, picture.height


@transaction.atomic
def store_photo(
    visit: Visit,
    *,
    kind: PhotoKind | str,
    upload,
    by: Actor | HasActor,
    caption: str = "",
) -> Photo:
    """Keep an uploaded picture (a Django UploadedFile or bytes) with the visit. DomainError if it is no picture."""
    data = upload if isinstance(upload, bytes) else upload.read(MAX_BYTES + 1)
    jpeg, width, height = reencode(data)
    actor = actor_of(by)
    photo = Photo(
        store_id=visit.store_id,
        visit=visit,
        kind=kind,
        width=width,
        height=height,
        sha256=hashlib.sha256(jpeg).hexdigest(),
        caption=caption.strip()[:120],
        by_kind=actor.kind,
        by_id=actor.id,
        at=clock.now(),
    )
    photo.image.save(
        f"{visit.store_id}/{visit.pk}/{uuid.uuid4().hex}.jpg",
        ContentFile(jpeg),
        save=False,
    )
    photo.save()
    return photo


@transaction.atomic
def sign(
    visit: Visit,
    *,
    purpose: SignaturePurpose | str,
    signer: str,
    document: bytes,
    strokes: list | None = None,
    png_data_url: str = "",
    ip: str | None = None,
    device: str = "",
) -> Signature:
    """Keep a signature under `document` (the bytes that were shown). A drawn one has strokes and a picture; a typed one
    has neither and counts by name. DomainError without a name."""
    if not signer.strip():
        raise DomainError(_("The signature needs the signer's name."), code="signer_missing")
    row = Signature(
        store_id=visit.store_id,
        visit=visit,
        purpose=purpose,
        signer=signer.strip()[:60],
        strokes=strokes or [],
        document_sha256=hashlib.sha256(document).hexdigest(),
        ip=ip,
        device=device[:200],
        at=clock.now(),
    )
    if png_data_url:
        row.image.save(
            f"{visit.store_id}/{visit.pk}/{uuid.uuid4().hex}.png",
            ContentFile(_png(png_data_url)),
            save=False,
        )
    row.save()
    return row


def _png(data_url: str) -> bytes:
    try:
        raw = base64.b64decode(data_url.removeprefix("data:image/png;base64,"), validate=True)
        with Image.open(io.BytesIO(raw)) as picture:
            if picture.format != "PNG" or picture.width * picture.height > 4_000_000:
                raise ValueError("not a signature")
            out = io.BytesIO()
            picture.convert("RGBA").save(out, "PNG")
    except (ValueError, OSError, Image.DecompressionBombError, SyntaxError) as error:
        raise DomainError(_("The signature could not be read; sign again."), code="bad_signature") from error
    return out.getvalue()
