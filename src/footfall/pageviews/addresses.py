"""Readers' addresses: masking them, and which fields contain them."""

import re
from ipaddress import IPv6Address, ip_address, ip_network

from ..errors import ConfigError

# Fields that contain the reader's address, alone or in a list, under the names of all formats.
ADDRESSES = frozenset({
    "remote_ip", "c-ip", "x-forwarded-for", "remote_host", "request.remote_addr", "request.remote_ip", "request.client_ip",
})  # fmt: skip
# Other fields that identify, or might identify, the reader.
OF_THE_READER = frozenset({
    "user_agent", "cs(User-Agent)", "request.headers.User-Agent", "referrer", "cs(Referer)", "request.headers.Referer",
    "requester", "ident", "user", "user_id", "cs(Cookie)", "c-port", "request.remote_port", "connection-id",
    "viewer-request-log-data", "viewer-response-log-data",
})  # fmt: skip
_BITS_KEPT = {4: 24, 6: 48}  # of a masked address
_BETWEEN = re.compile(r"(?:[\s,;\"]|%20|%2C)+")


def mask(address: str | None) -> str | None:
    """
    An address that no longer identifies one person: IPv4 with 0 as its last octet, IPv6 with only its first 48 bits.

    >>> mask("198.51.100.7"), mask("2001:db8:1:2::3")
    ('198.51.100.0', '2001:db8:1::')
    """
    try:
        network = ip_network(f"{address}/{_BITS_KEPT[6 if ':' in (address or '') else 4]}", strict=False)
    except ValueError:
        return None
    return str(network.network_address)


class Asked:
    """
    An address or a network to search for.

    >>> asked = Asked("203.0.113.57")
    >>> [asked.is_in(text) for text in ("203.0.113.57", "::ffff:203.0.113.57", "203.0.113.0", "203.0.113.5", "a.example")]
    [True, True, True, False, False]
    """

    def __init__(self, text: str):
        """Raises ConfigError if the text is neither."""
        try:
            self._network = ip_network(text.strip(), strict=False)
        except ValueError:
            raise ConfigError(
                f"{text!r} is not an address; write 203.0.113.57 or 2001:db8::7, or a network such as 203.0.113.0/24"
            ) from None

    def is_in(self, text: str) -> bool:
        """Whether a text is a list of addresses that contains one of these, possibly masked."""
        return any(map(self.is_one, _BETWEEN.split(text)))

    def is_one(self, text: str) -> bool:
        """Whether a text is one of these addresses, possibly masked."""
        try:
            address = ip_address(text)
        except ValueError:
            return False
        if isinstance(address, IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        if address.version != self._network.version:
            return False
        masked = ip_network(f"{address}/{_BITS_KEPT[address.version]}", strict=False)
        return address in self._network or (address == masked.network_address and masked.overlaps(self._network))
