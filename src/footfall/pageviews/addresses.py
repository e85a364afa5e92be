"""Addresses of readers, and how little of them is enough."""

from ipaddress import ip_network


def mask(address: str | None) -> str | None:
    """
    An address that no longer identifies one person: IPv4 with 0 for its last octet, IPv6 with its first 48 bits only.

    >>> mask("198.51.100.7"), mask("2001:db8:1:2::3")
    ('198.51.100.0', '2001:db8:1::')
    """
    try:
        network = ip_network(f"{address}/{48 if ':' in (address or '') else 24}", strict=False)
    except ValueError:
        return None
    return str(network.network_address)
