"""How much of an upload is taken in before anybody has looked at it."""

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload


class BoundedUpload(FileUploadHandler):
    """Stops keeping what comes after the largest file that is taken.

    The rest is read and thrown away, so that the view can answer with a sentence;
    ``request.upload_too_large`` tells it.
    """

    def __init__(self, request=None):
        super().__init__(request)
        self.n_bytes = 0

    def receive_data_chunk(self, raw_data, start):
        self.n_bytes += len(raw_data)
        if self.n_bytes > settings.UPLOAD_LARGEST_MB << 20:
            self.request.upload_too_large = True
            raise StopUpload
        return raw_data

    def file_complete(self, file_size):
        return None
