"""A triple store behind the SPARQL protocol, as a client sees it."""

from .client import Endpoint
from .credentials import Credentials, credentials_from_environment
from .http import Http, HttpResponse, refused

__all__ = ["Credentials", "Endpoint", "Http", "HttpResponse", "credentials_from_environment", "refused"]
