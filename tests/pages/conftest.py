from tests.maps.conftest import drawn, english, kotak, measured

__all__ = ["drawn", "english", "kotak", "measured"]
