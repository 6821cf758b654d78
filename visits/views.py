"""Pictures of a visit, for staff: served by key and store, never by where they lie."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from stores.access import requires
from visits.models import Photo


@require_safe
@requires("desk.view_visit")
def photo(request: HttpRequest, pk: int) -> HttpResponse:
    """A photo of one of the store's visits; another store's is 404."""
    return photo_response(get_object_or_404(Photo, pk=pk))


def photo_response(photo: Photo) -> HttpResponse:
    """The picture itself, taken for nothing but a picture by the browser and kept by no cache on the way.

    404 when the file is gone (a restored database without its files)."""
    try:
        with photo.image.open("rb") as file:
            picture = file.read()
    except FileNotFoundError:
        raise Http404 from None
    response = HttpResponse(picture, content_type="image/jpeg")
    response["Content-Disposition"] = f'inline; filename="photo-{photo.pk}.jpg"'
    response["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(response, private=True, max_age=3600)
    return response
