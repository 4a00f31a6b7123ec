"""The client on whose behalf a proxy asks (RFC 7239, and the older X-Forwarded-For), and who is one client."""

import re
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from ...errors import UsageError

__all__ = ["Proxies", "client_of", "network_of"]

_FOR = re.compile(r'(?i)(?:^|;)[ \t]*for=(?:"((?:[^"\\]|\\.)*)"|([^";,\s]*))')
_PORT = re.compile(r"\[([0-9A-Fa-f:.]+)\](?::\d+)?|([0-9.]+)(?::\d+)?")
_LONGEST = 2000  #: characters of such a header that are looked at, from its end


class Proxies:
    """The trusted proxies: addresses and networks, with commas.

    Raises `UsageError` for what is neither.
    """

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._networks: list[IPv4Network | IPv6Network] = []
        for text in (part.strip() for item in texts for part in item.split(",")):
            if text:
                try:
                    self._networks.append(ip_network(text))
                except ValueError:
                    advice = "Give one such as 192.0.2.7 or 10.0.0.0/8."
                    raise UsageError(f"“{text}” is not a valid address or network of a proxy.", advice=advice) from None

    def __str__(self) -> str:
        return ", ".join(map(str, self._networks))

    def __contains__(self, address: str) -> bool:
        found = _address(address)
        return found is not None and any(found in network for network in self._networks)

    def origin(self, peer: str, fields: Iterable[tuple[bytes, bytes]]) -> str:
        """The address of the client for a request that one of them sent.

        It is the last one that is no proxy's own. Where `Forwarded` and `X-Forwarded-For` name two, one of them is the
        client's invention, and which is not known: then it is the proxy's.
        """
        forwarded: list[str] = []
        older: list[str] = []
        for name, value in fields:
            if name == b"forwarded":
                forwarded += [_named(element) for element in value.decode("latin-1")[-_LONGEST:].split(",")]
            elif name == b"x-forwarded-for":
                older += [_node(element) for element in value.decode("latin-1")[-_LONGEST:].split(",")]
        named = {found for found in (self._last(forwarded), self._last(older)) if found is not None}
        return named.pop() or peer if len(named) == 1 else peer

    def _last(self, nodes: list[str]) -> str | None:
        """The last address that is no proxy's; empty when somebody hides, None without any."""
        for node in reversed(nodes):
            if not node or node not in self:
                return node
        return nodes[0] if nodes else None


def _named(element: str) -> str:
    """The address in an element of `Forwarded`."""
    match = _FOR.search(element)
    return _node(match[1] or match[2] or "") if match else ""


def _node(text: str) -> str:
    """The address of a node, without its port; empty for a name or what is none."""
    text = text.strip()
    match = _PORT.fullmatch(text)
    found = _address((match[1] or match[2]) if match else text)
    return str(found) if found else ""


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


@lru_cache(10_000)
def client_of(address: str) -> str:
    """The client that an address belongs to: with IPv6 whoever has a network of 64 bits.

    >>> client_of("2001:db8::1:2:3:4"), client_of("::ffff:192.0.2.1")
    ('2001:db8::/64', '192.0.2.1')
    """
    found = _address(address)
    if isinstance(found, IPv6Address):
        return str(ip_network((found, 64), strict=False))
    return str(found) if found else address


@lru_cache(10_000)
def network_of(client: str) -> str:
    """The network of a client, which one person may well have as a whole: 24 bits of IPv4, 48 of IPv6.

    >>> network_of("2001:db8:1:2::/64"), network_of("192.0.2.1"), network_of("")
    ('2001:db8:1::/48', '192.0.2.0/24', '')
    """
    found = _address(client.partition("/")[0])
    if found is None:
        return client
    return str(ip_network((found, 48 if isinstance(found, IPv6Address) else 24), strict=False))
