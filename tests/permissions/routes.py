"""Every route of the URLconf."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Found:
    name: str
    template: str  # the address with its converters, such as /akun/tugas/<int:number>/akhiri/
    is_exempt: bool  # from the token of forms

    @property
    def is_admin(self) -> bool:
        return self.template.startswith("/admin/")


def all_routes() -> list[Found]:
    return list(_walk(get_resolver().url_patterns, "/", ""))


def _walk(patterns, before: str, space: str) -> Iterator[Found]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from _walk(pattern.url_patterns, before + str(pattern.pattern), space + inner)
        elif isinstance(pattern, URLPattern):
            is_exempt = getattr(pattern.callback, "csrf_exempt", False)
            name = space + (pattern.name or f"nameless {pattern.pattern}")
            yield Found(name, before + str(pattern.pattern), is_exempt)
