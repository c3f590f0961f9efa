"""Addresses of submissions: of those who bring in (/unggah/) and of those who review."""

from django.urls import path, register_converter

from geo.submissions.views import desk, form, notices, review, submissions, uploads, workbooks


class NumberConverter:
    """The number on a receipt, such as PB-2026-000123."""

    regex = "PB-[0-9]{4}-[0-9]{6,18}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(NumberConverter, "number")

urlpatterns = [
    path("unggah/", desk.desk, name="desk"),
    path("unggah/potongan/", uploads.start_chunks, name="chunk_start"),
    path("unggah/potongan/<uuid:identifier>/", uploads.chunk, name="chunk"),
    path("unggah/sw.js", form.service_worker, name="service_worker"),
    path("unggah/di-ponsel/", form.phone, name="phone"),
    path("unggah/<number:number>/", submissions.submission, name="submission"),
    path("unggah/<number:number>/keadaan.json", submissions.progress, name="progress"),
    path("unggah/<number:number>/ubah/", submissions.mend, name="mend"),
    path("unggah/<number:number>/alasan/", submissions.give_reasons, name="reasons"),
    path("unggah/<number:number>/jawab/", submissions.answer, name="answer"),
    path("unggah/<number:number>/kembali/", submissions.go_back, name="go_back"),
    path("unggah/<number:number>/kirim/", submissions.send, name="send"),
    path("unggah/<number:number>/tarik/", submissions.withdraw, name="withdraw"),
    path("unggah/<number:number>/hasil.xlsx", workbooks.returned, name="returned"),
    path("unggah/<number:number>/berkas-asli/", workbooks.original, name="original"),
    path("periksa/", review.queue, name="queue"),
    path("periksa/<number:number>/", review.review, name="review"),
    path("periksa/<number:number>/komentar/", review.comment, name="comment"),
    path("periksa/<number:number>/kembalikan/", review.return_to_sender, name="return"),
    path("periksa/<number:number>/setujui/", review.approve, name="approve"),
    path("periksa/<number:number>/verifikasi/", review.verify, name="verify"),
    path("periksa/<number:number>/batalkan/", review.undo, name="undo"),
    path("periksa/<number:number>/tandingan/", review.counter, name="counter"),
    path("riwayat/<slug:indicator>/<str:area>/<str:period>/", review.history, name="history"),
    path("pemberitahuan/", notices.notices, name="notices"),
    path("unggah/<slug:dataset>/<str:period>/<str:area>/", desk.form, name="form"),
    path(
        "unggah/<slug:dataset>/<str:period>/<str:area>/buku-kerja.xlsx",
        workbooks.workbook,
        name="workbook",
    ),
    path("unggah/<slug:dataset>/<str:period>/<str:area>/berkas/", uploads.upload, name="upload"),
    path("unggah/<slug:dataset>/<str:period>/<str:area>/isi/", form.fill, name="fill"),
    path(
        "unggah/<slug:dataset>/<str:period>/<str:area>/isi/keadaan.json",
        form.fill_state,
        name="fill_state",
    ),
]
