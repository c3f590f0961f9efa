"""Addresses of questions: of those who ask (/tanya/), and of the offices (/pertanyaan/)."""

from django.urls import path, register_converter

from geo.inquiries.views import asking, desk


class QuestionNumberConverter:
    """The number on a receipt, such as TN-2026-000123."""

    regex = "TN-[0-9]{4}-[0-9]{6,18}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(QuestionNumberConverter, "question")

urlpatterns = [
    path("tanya/", asking.ask_office, name="ask"),
    path("tanya/<question:number>/<slug:token>/", asking.thread, name="inquiry_thread"),
    path("pertanyaan/", desk.inquiries, name="inquiries"),
    path("pertanyaan/<question:number>/", desk.inquiry, name="inquiry"),
    path("pertanyaan/<question:number>/ambil/", desk.take, name="inquiry_take"),
    path("pertanyaan/<question:number>/jawab/", desk.answer, name="inquiry_answer"),
    path("pertanyaan/<question:number>/teruskan/", desk.forward, name="inquiry_forward"),
    path("pertanyaan/<question:number>/tutup/", desk.close, name="inquiry_close"),
]
