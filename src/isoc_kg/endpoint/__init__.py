"""A triple store behind the SPARQL protocol, as a client sees it."""

from typing import TYPE_CHECKING

from ..lazy_names import lazy_names

if TYPE_CHECKING:
    from .client import Endpoint
    from .credentials import Credentials, credentials_from_environment
    from .http import Http, HttpResponse, refused

__all__ = ["Credentials", "Endpoint", "Http", "HttpResponse", "credentials_from_environment", "refused"]

__getattr__ = lazy_names(
    __name__,
    {
        "Credentials": "credentials",
        "Endpoint": "client",
        "Http": "http",
        "HttpResponse": "http",
        "credentials_from_environment": "credentials",
        "refused": "http",
    },
)
