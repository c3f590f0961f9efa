"""Addresses of photos and documents: pages in both languages, files in none."""

from django.urls import path, register_converter

from geo.attachments import views
from geo.attachments.services.storing import DOCUMENT, LARGE, THUMBNAIL


class FileConverter:
    """The name of a file of an attachment."""

    regex = "|".join(name.replace(".", r"\.") for name in (LARGE, THUMBNAIL, DOCUMENT))

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(FileConverter, "attachment_file")

machine_patterns = [
    path("lampiran/<uuid:identifier>/<attachment_file:file>", views.file, name="attachment_file"),
]
urlpatterns = [
    path("lampiran/", views.attachments, name="attachments"),
    path("lampiran/periksa/", views.queue, name="attachment_queue"),
    path("lampiran/<uuid:identifier>/terbitkan/", views.publish, name="attachment_publish"),
    path("lampiran/<uuid:identifier>/tolak/", views.refuse, name="attachment_refuse"),
    path("lampiran/<uuid:identifier>/tarik/", views.withdraw, name="attachment_withdraw"),
]
