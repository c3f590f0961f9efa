"""What is taken and what is not, in sentences."""

from __future__ import annotations

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geo.lib.attachments.checking import (
    DOCUMENT,
    LARGEST_MB,
    LEAST_SIDE_PX,
    MOST_MEGAPIXELS,
    MOST_OBJECTS,
    PHOTO,
    Checked,
)
from geo.lib.errors import GeoError

MOST_OF_ONE = 40  # of one area or opportunity, waiting and published together

WORDS_OF_FORMAT = {
    "gif": gettext_lazy("a GIF picture"),
    "bmp": gettext_lazy("a BMP picture"),
    "tiff": gettext_lazy("a TIFF picture"),
    "heic": gettext_lazy("a HEIC photo, as iPhones make them"),
    "svg": gettext_lazy("a drawing or text in XML"),
    "html": gettext_lazy("a web page"),
    "zip": gettext_lazy("an archive, or a document of an office program"),
    "video": gettext_lazy("a video"),
    "postscript": gettext_lazy("a PostScript file"),
}
WORDS_OF_ACTION = {
    "script": gettext_lazy("a program (JavaScript)"),
    "program": gettext_lazy("an order to start something"),
    "files": gettext_lazy("other files"),
    "form": gettext_lazy("a form that sends data away"),
    "media": gettext_lazy("films or sounds"),
}
SENTENCES = {
    "empty": gettext_lazy(
        "No file came, or it was empty (0 bytes). Choose the file again; if it opens on your "
        "computer, close it there first."
    ),
    "too_large": gettext_lazy(
        "The file has %(found_mb)s MB. Photos are taken up to %(photo_mb)s MB, PDF documents up "
        "to %(document_mb)s MB. Save it smaller, and send it again."
    ),
    "not_taken": gettext_lazy(
        "This file is %(found)s, whatever it is called. Photos are taken as JPEG, PNG or WebP, "
        "documents as PDF. Save it as one of these, and send it again."
    ),
    "too_many_pixels": gettext_lazy(
        "The photo has %(width)s × %(height)s pixels; at most %(most)s million are taken. Make it "
        "smaller, and send it again."
    ),
    "too_small": gettext_lazy(
        "The photo has only %(width)s × %(height)s pixels: one would see too little. At least "
        "%(least)s on each side are wanted. Send the original instead of a preview."
    ),
    "animated": gettext_lazy(
        "The picture moves: it holds %(n)s pictures. Send one photo that stands still."
    ),
    "damaged": gettext_lazy(
        "The photo is damaged or came only in part: it cannot be opened to its end. Look whether "
        "it opens on your telephone or computer, and send the original once more."
    ),
    "damaged_document": gettext_lazy(
        "The PDF is damaged or came only in part. Look whether it opens on your computer, save "
        "it again, and send it once more."
    ),
    "more_than_document": gettext_lazy(
        "Behind the end of the PDF something follows that does not belong to it. Print the "
        "document into a new PDF, and send that."
    ),
    "locked_document": gettext_lazy(
        "The PDF is locked with a password or with encryption, so that not everybody could read "
        "it. Save it without, and send it again."
    ),
    "active_document": gettext_lazy(
        "The PDF contains %(found)s; for the safety of readers, only documents that are merely "
        "read are taken. Print it into a new PDF, and send that."
    ),
    "too_many_objects": gettext_lazy(
        "The PDF is made of %(found)s parts (letters, lines, pictures, marks); at most "
        "%(most_parts)s can be looked through. Print it into a new PDF, or send fewer pages of "
        "it at a time."
    ),
    "unreadable": gettext_lazy(
        "The file could not be read: reading it took too long or needed too much memory. Print "
        "or save it anew with another program, or send fewer pages, and send it once more."
    ),
    "no_sandbox": gettext_lazy(
        "Files cannot be examined safely on this server, so none are taken. Tell those who run "
        "this site; `script/manage cek` says what is missing."
    ),
}


class FileNotTaken(GeoError):
    """Something is wrong with the file; ``why`` is a sentence."""

    template = "%(why)s"


class NoRoomLeft(GeoError):
    """There is no room for the file; nothing was kept of it."""

    status = 507
    template = gettext_lazy(
        "The server has no room left for files, so yours was not taken. Keep it, and try again "
        "later; those who run this site see the same warning."
    )


class AlreadyHere(GeoError):
    """The same file stands here, or waits."""

    status = 409
    template = gettext_lazy(
        "This very file is here already, as “%(caption)s” (%(state)s): nothing was added."
    )


class TooManyHere(GeoError):
    """There are so many that nobody would look at them."""

    status = 409
    template = gettext_lazy(
        "Here are %(found)s photos and documents already, waiting ones included; at most %(most)s "
        "are kept. Take some back that are old or that nobody needs."
    )


class NotYoursToAdd(GeoError):
    """The person does not report there."""

    status = 404
    template = gettext_lazy("There is no place for photos and documents that you may add to.")


class OwnAttachment(GeoError):
    """Whoever handed it in wants to publish or refuse it."""

    status = 409
    template = gettext_lazy(
        "You handed “%(caption)s” in yourself, so somebody else decides about it. You can take it "
        "back."
    )


class NotAsItWas(GeoError):
    """Somebody else has decided in the meantime."""

    status = 409
    template = gettext_lazy("“%(caption)s” is %(state)s by now, so nothing was changed.")


class SayWhyNot(GeoError):
    """A refusal without a reason helps nobody."""

    template = gettext_lazy(
        "Write why “%(caption)s” is not published or no longer shown: who handed it in reads it."
    )


def fault_sentence(checked: Checked) -> str:
    """Say what is wrong with a file, what was expected, and what to do."""
    facts: dict[str, Any] = {
        "photo_mb": LARGEST_MB[PHOTO],
        "document_mb": LARGEST_MB[DOCUMENT],
        "most": MOST_MEGAPIXELS,
        "least": LEAST_SIDE_PX,
        "most_parts": number_format(MOST_OBJECTS, force_grouping=True),
    } | checked.facts
    if checked.fault == "not_taken":
        facts["found"] = WORDS_OF_FORMAT.get(facts["found"], _("of a kind that is not known here"))
    if checked.fault == "too_many_objects":
        facts["found"] = number_format(facts["found"], force_grouping=True)
    if checked.fault == "active_document":
        facts["found"] = WORDS_OF_ACTION.get(facts["found"], WORDS_OF_ACTION["script"])
    sentence = SENTENCES.get(checked.fault, SENTENCES["unreadable"])
    return str(sentence) % facts
