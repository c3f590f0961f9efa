"""Every address, by room."""

urlpatterns = []
