"""What each triple store can, cannot, and does to data: one table, with where each fact is from.

`RUN`: seen in this project's own tests and experiments (docs/stores.md). `READ`: from the store's documentation or
source. Nobody has run a profile that is not `tested` against the store it is for.
"""

from dataclasses import dataclass

from ..endpoint.schemes import SCHEMES, Scheme
from ..errors import UnknownName
from . import rewritings
from .rewritings import Rewriting

__all__ = ["PROFILES", "Profile", "find_profile"]

_MEGA = 1_000_000


@dataclass(frozen=True, slots=True)
class Profile:
    """A kind of store. Paths are appended to the address that is left when one of `endings` is taken off the user's."""

    name: str
    label: str
    tested: bool  #: by this project, on the store itself
    endings: tuple[str, ...]  #: of addresses that users may give, the longest first
    query: str = ""
    update: str = ""
    graph_store: str | None = None  #: SPARQL 1.1 Graph Store HTTP Protocol; None: it has none, updates carry the data
    dataset: str | None = None  #: where N-Quads are posted; None: named graphs go one by one
    bulk: str = ""  #: further parameters of a POST of N-Triples or N-Quads
    auth: tuple[Scheme, ...] = SCHEMES
    batch_bytes: int = 16 * _MEGA  #: of N-Triples in one request
    statement_triples: int = 1000  #: of one INSERT DATA, where updates carry the data
    atomic_post: bool = False  #: one POST is one transaction: all of it is there afterwards or nothing
    atomic_update: bool = False  #: one update request, of several operations, is one transaction
    guarded: bool = False  #: and one that fails undoes it: see `store`
    swap_triples: int | None = None  #: of staging graphs, above which the store's memory ends: 1.2 kB each
    exchange_bytes: int = 0  #: of an update that makes a graph another one by what differs (`exchange`); 0: staged
    default_graph: bool = True  #: whether queries can tell it from the named graphs
    rows: int | None = None  #: solutions or triples after which an answer is cut short without a word
    drop: str = "DROP SILENT GRAPH"  #: how a graph that may not be there is removed
    rewritings: tuple[Rewriting, ...] = ()
    longest_literal: int | None = None  #: bytes of UTF-8
    native: str | None = None  #: the store's own way for a very large first load; {file} {graph} are filled in
    server: str = ""  #: what its Server header, in lower case, contains
    signs: tuple[str, ...] = ()  #: what its pages contain
    limits: str = ""  #: in words, for docs/stores.md and for errors
    sources: tuple[str, ...] = ()

    def root(self, url: str) -> str:
        """The address that the paths are relative to."""
        url = url.partition("?")[0].rstrip("/")
        for ending in self.endings:
            if url.endswith(ending):
                return url.removesuffix(ending)
        return url


PROFILES: tuple[Profile, ...] = (
    Profile(
        "oxigraph",
        "Oxigraph 0.5",
        True,
        ("/query", "/update", "/store"),
        "/query",
        "/update",
        "/store",
        "/store",
        bulk="no_transaction",
        auth=(),
        batch_bytes=1500 * _MEGA,
        atomic_post=True,
        atomic_update=True,
        guarded=True,
        swap_triples=4 * _MEGA,
        exchange_bytes=130 * _MEGA,  # of 128 MiB, which are 134,217,728 bytes
        rewritings=rewritings.OXIGRAPH,
        native="oxigraph load --location FOLDER --file {file}{graph}   # while the server is stopped",
        server="oxigraph",
        signs=("<title>Oxigraph",),
        limits="PUT of a graph empties it in one transaction and fills it in another; updates of over 128 MiB are "
        "refused; large ones take much memory",
        sources=("RUN 0.5.13", "READ oxigraph/oxigraph cli/src/main.rs"),
    ),
    Profile(
        "fuseki",
        "Apache Jena Fuseki 5",
        True,
        ("/query", "/sparql", "/update", "/data"),
        "/query",
        "/update",
        "/data",
        "/data",
        batch_bytes=256 * _MEGA,
        atomic_post=True,
        atomic_update=True,
        guarded=True,
        rewritings=rewritings.FUSEKI,
        native="tdb2.tdbloader --loader=parallel --loc FOLDER{graph} {file}   # while the server is stopped",
        server="fuseki",
        signs=("Fuseki",),
        limits="one request is one transaction; in 5.6.0 MOVE, COPY, and DROP followed by ADD lose triples",
        sources=("RUN 5.6.0", "READ jena.apache.org/documentation/fuseki2"),
    ),
    Profile(
        "virtuoso",
        "OpenLink Virtuoso 7.2",
        True,
        ("/sparql-graph-crud-auth", "/sparql-graph-crud", "/sparql-auth", "/sparql"),
        "/sparql-auth",
        "/sparql-auth",
        "/sparql-graph-crud-auth",
        auth=("digest",),
        batch_bytes=12 * _MEGA,  # bodies of 150 MB made it hang
        statement_triples=500,
        default_graph=False,
        atomic_update=True,
        rows=10_000,
        drop="CLEAR GRAPH",
        rewritings=rewritings.VIRTUOSO,
        longest_literal=65_500,
        native="isql HOST:1111 dba PASSWORD "
        "EXEC=\"ld_dir('FOLDER', '{name}', '{iri}'); rdf_loader_run(); checkpoint;\"",
        server="virtuoso",
        limits="no default graph; a load is swapped in by one transaction, as large as TransactionAfterImageLimit "
        "allows; after MOVE onto a graph with triples, a crash loses those that both had",
        sources=("RUN 7.2.5",),
    ),
    Profile(
        "rdf4j",
        "Eclipse RDF4J Server, NativeStore",
        True,
        ("/rdf-graphs/service", "/statements"),
        "",
        "/statements",
        "/rdf-graphs/service",
        "/statements",
        batch_bytes=64 * _MEGA,
        atomic_post=True,
        atomic_update=True,
        guarded=True,
        default_graph=False,
        limits="the repository must be there; its default graph is the union of all",
        sources=("RUN 3.7.7", "READ rdf4j.org/documentation/reference/rest-api"),
    ),
    Profile(
        "graphdb",
        "Ontotext GraphDB",
        False,
        ("/rdf-graphs/service", "/statements"),
        "",
        "/statements",
        "/rdf-graphs/service",
        "/statements",
        batch_bytes=64 * _MEGA,
        default_graph=False,
        native="importrdf preload --force --repository NAME {file}   # while the server is stopped",
        limits="the default graph is the union of all; language tags get the case of BCP 47",
        sources=("READ graphdb.ontotext.com/documentation/10.4",),
    ),
    Profile(
        "qlever",
        "QLever",
        False,
        (),
        graph_store="",
        auth=("bearer",),
        batch_bytes=16 * _MEGA,
        default_graph=False,
        native="qlever index   # over {file}, named in the Qleverfile, then: qlever start",
        signs=("QLever",),
        limits="writes need the access token; they are kept beside the index until it is built anew",
        sources=("READ ad-freiburg/qlever src/engine/GraphStoreProtocol.cpp",),
    ),
    Profile(
        "blazegraph",
        "Blazegraph 2",
        False,
        (),
        auth=("basic",),
        default_graph=False,
        native="curl -X POST --data-binary @{file} -H 'Content-Type: text/plain' 'URL?context-uri={iri}'",
        signs=("blazegraph", "Blazegraph", "bigdata.com"),
        limits="the namespace must keep quads; no Graph Store Protocol: updates carry the data",
        sources=("READ github.com/blazegraph/database/wiki/REST_API",),
    ),
    Profile(
        "stardog",
        "Stardog",
        False,
        ("/query", "/update"),
        "/query",
        "/update",
        "",
        native="stardog-admin db create -n NAME {file}",
        server="stardog",
        sources=("READ docs.stardog.com/operating-stardog/database-administration/adding-data",),
    ),
    Profile(
        "neptune",
        "Amazon Neptune",
        False,
        ("/sparql/gsp", "/sparql"),
        "/sparql",
        "/sparql",
        "/sparql/gsp/",
        auth=(),
        default_graph=False,
        native='curl -X POST -H "Content-Type: application/json" https://HOST:8182/loader '
        '-d \'{{"source": "s3://BUCKET/{name}", "format": "ntriples", "iamRoleArn": "ROLE", "region": "REGION", '
        '"parserConfiguration": {{"namedGraphUri": "{iri}"}}}}\'',
        server="neptune",
        limits="the default graph is the union of all (it can be named: see the sources); requests signed for IAM "
        "(SigV4) are not made here: reach it where that is off, or through a signing proxy",
        sources=("READ docs.aws.amazon.com/neptune/latest/userguide",),
    ),
    Profile(
        "generic",
        "any store",
        False,
        (),
        statement_triples=500,
        limits="queries and updates at one address, unless --update and --graph-store name others",
        sources=("READ www.w3.org/TR/sparql11-protocol", "READ www.w3.org/TR/sparql11-http-rdf-update"),
    ),
)
_BY_NAME = {profile.name: profile for profile in PROFILES}


def find_profile(name: str) -> Profile:
    """The profile of this name; `UnknownName` says which there are."""
    if name not in _BY_NAME:
        raise UnknownName(f"there is no profile “{name}”.", advice=f"Profiles: auto, {', '.join(_BY_NAME)}.")
    return _BY_NAME[name]
