"""A triple store behind the SPARQL protocol, as a client sees it."""

from .client import Endpoint
from .credentials import Credentials, credentials_from_environment
from .http import Answer, Http, refused

__all__ = ["Answer", "Credentials", "Endpoint", "Http", "credentials_from_environment", "refused"]
