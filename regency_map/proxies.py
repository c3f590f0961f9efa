"""Who is asking, behind the proxies that are our own."""

import ipaddress

from django.conf import settings


def client_address(request) -> str | None:
    """The address of the nearest machine that is not ours; None where there is none.

    X-Forwarded-For is believed only as far as our own proxies wrote it: what a
    visitor puts before it is invention. Of IPv6 only the first 64 bits count,
    for whoever has one such address has all of them.
    """
    n = settings.TRUSTED_PROXIES
    if n == 0:
        found = request.META.get("REMOTE_ADDR", "")
    else:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
        found = hops[-n] if len(hops) >= n else ""
    try:
        address = ipaddress.ip_address(found)
    except ValueError:
        return None
    if address.version == 6:
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False).network_address)
    return str(address)
