"""How a picture looks, in 64 bits: the same picture cut, scaled or saved anew has nearly the same.

The difference hash of Neal Krawetz: 9 × 8 grey pixels, one bit for "brighter than the one to its
left". A dozen lines on Pillow, which is here already; the libraries that offer it (imagehash) bring
numpy, scipy and PyWavelets along for hashes we do not use.
"""

from collections import defaultdict
from datetime import datetime

from django.db import connection
from PIL import Image

from accounts.models import Attachment
from timebank.models import PhotoPrint, ServiceRecord
from timebank.services.screening.facts import Seen
from timebank.terms.screening import ScreeningTerms

WIDTH, HEIGHT = 8, 8
LEAST_BITS = 8  # a picture with fewer edges than that is a wall, a sheet of paper, the night
SIGN = 1 << 63


def bits_of(image: Image.Image) -> int | None:
    """The picture's 64 bits as a signed number; none where it is too plain to tell."""
    grey = image.convert("L").resize((WIDTH + 1, HEIGHT), Image.Resampling.LANCZOS)
    pixels = list(grey.tobytes())
    bits = 0
    for row in range(HEIGHT):
        for column in range(WIDTH):
            here = row * (WIDTH + 1) + column
            bits = bits << 1 | (pixels[here] < pixels[here + 1])
    if not LEAST_BITS <= bits.bit_count() <= WIDTH * HEIGHT - LEAST_BITS:
        return None
    return bits - (1 << 64) if bits & SIGN else bits


def print_photos(photos: list[Attachment]) -> dict[int, int]:
    """The bits of photos by their id, made for those that have none yet; plain ones left out."""
    wanted = {photo.pk: photo for photo in photos if photo.kind == Attachment.Kind.IMAGE}
    known = dict(PhotoPrint.objects.filter(photo__in=wanted.keys()).values_list("photo_id", "bits"))
    new = [
        PhotoPrint(photo=photo, bits=_bits_of_photo(photo))
        for pk, photo in wanted.items()
        if pk not in known
    ]
    PhotoPrint.objects.bulk_create(new, ignore_conflicts=True)
    known |= {one.photo_id: one.bits for one in new}
    return {pk: bits for pk, bits in known.items() if bits is not None}


def _bits_of_photo(photo: Attachment) -> int | None:
    """Told from the thumbnail; a file that is gone says nothing."""
    try:
        with (photo.thumbnail or photo.file).open("rb") as file, Image.open(file) as image:
            return bits_of(image)
    except OSError:
        return None


# The same picture elsewhere -----------------------------------------------------------------


def photos_of(records: list[Seen]) -> dict[int, list[Attachment]]:
    through = ServiceRecord.photos.through.objects.filter(
        servicerecord__in=[one.pk for one in records]
    ).select_related("attachment")
    found: dict[int, list[Attachment]] = defaultdict(list)
    for row in through:
        found[row.servicerecord_id].append(row.attachment)
    return found


def differs(photo: Attachment) -> bool:
    return Attachment.Evidence.DIFFERS in (photo.taken_in_time, photo.taken_in_range)


ALIKE = """
SELECT mine.record, r.number
FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS mine (record, photo, bits)
JOIN timebank_photoprint p
  ON p.photo_id <> mine.photo AND bit_count((p.bits # mine.bits)::bit(64)) <= %s
JOIN timebank_servicerecord_photos link ON link.attachment_id = p.photo_id
JOIN timebank_servicerecord r
  ON r.id = link.servicerecord_id AND r.id <> mine.record AND r.started_at >= %s
 AND r.state NOT IN ('withdrawn')
ORDER BY r.id
"""


def alike_of(
    photos: dict[int, list[Attachment]], terms: ScreeningTerms, until: datetime
) -> dict[int, tuple[str, ...]]:
    """In which other records the same pictures are, also where they were saved anew."""
    every = [photo for some in photos.values() for photo in some]
    bits = print_photos(every) if every else {}
    mine = [
        (record, photo.pk, bits[photo.pk])
        for record, some in photos.items()
        for photo in some
        if photo.pk in bits
    ]
    if not mine:
        return {}
    found: dict[int, list[str]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            ALIKE,
            [*map(list, zip(*mine, strict=True)), terms.photo_distance, until - terms.photo_within],
        )
        for record, number in cursor.fetchall():
            if number not in found[record]:
                found[record].append(number)
    return {record: tuple(numbers) for record, numbers in found.items()}
