"""What every page knows: whose map this is."""


def regency(request):
    return {}
