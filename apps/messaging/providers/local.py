"""Whether a host is this very machine, where fakes and sandboxes listen."""

from ipaddress import ip_address


def is_local(host: str) -> bool:
    """Tell whether the host is this very machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
