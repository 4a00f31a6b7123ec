"""Rules for web hosts: which file a request for an IRI gets, by what it accepts.

Every rule answers alike: 303 (https://www.w3.org/TR/cooluris/#r303gendocument) to the page or the data of a resource,
406 where nothing fits, 404 for what is not there.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from ..formats import FORMATS
from ..negotiation import EXTENSIONS, accept_patterns
from ..project import Project
from ..rendering.theme import CONTENT_SECURITY_POLICY

__all__ = ["headers_file", "htaccess", "nginx_map", "nginx_site", "redirects_file", "rule_files", "w3id_htaccess"]

_SAFE = "[a-z0-9_=~-]+"
_IN_ANY_SCRIPT = r"[a-z0-9_=~\x80-\xff-]+"
_PATHS, _PATHS_IN_ANY_SCRIPT = "[A-Za-z0-9_=~./-]*", r"[A-Za-z0-9_=~./\x80-\xff-]*"
_AS_IT_IS, _NAMES_ESCAPED = "[R=303,NE,END]", "[R=303,NE,B,END]"  # flags of Apache's rules
#: Paths, without extension, of everything that has a page and data.
_RESOURCES = rf"(?:id|resource)/{_SAFE}|document/{_SAFE}(?:/{_SAFE})?|ontology|evidence|shapes|dataset"
#: The same for data that have IRIs of their own, whose pages may be anywhere.
_ANY_PAGE = f"(?:{_SAFE}/)*{_SAFE}"
_TYPES = {f".{format_.extension}": format_.media_type for format_ in FORMATS} | {
    ".rq": "application/sparql-query",
    ".wasm": "application/wasm",
}
#: What a host may not know by itself, and browsers are told not to guess.
_PLAIN_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".xml": "application/xml",
    ".txt": "text/plain",
}
#: Rules, each in a line, for IRIs that `Identifiers` makes and that have no file of their own.
_IDENTIFIERS = re.compile(r"claim/\(|\(ontology\|evidence\)/|graph/\(|query/\(|^/graph/")
_LINKSET = "application/linkset+json"


def rule_files(project: Project, host: str) -> dict[str, bytes]:
    """Path on the site → the rules for each kind of host."""
    texts: dict[str, str] = {
        ".htaccess": _without_identifiers(htaccess(host), project),
        "rules/nginx-map.conf": nginx_map(),
        "rules/nginx-site.conf": _without_identifiers(nginx_site(host), project),
        "_headers": headers_file(),
        "_redirects": _without_identifiers(redirects_file(), project),
    }
    if host and project.mints:
        texts["rules/w3id.htaccess"] = w3id_htaccess(project, host)
    if project.ids.any_script:  # names of files have these letters; both hosts look at the bytes of UTF-8
        texts = {name: _in_any_script(text) for name, text in texts.items()}
    return {name: text.encode() for name, text in texts.items()}


def _in_any_script(rules: str) -> str:
    """The rules for names that may have letters beyond ASCII, which no Location header has as they are.

    Apache escapes them by itself, but not where a fragment must not be escaped: there the names are, all but letters
    and digits, and so names in ASCII keep the rule that they have.
    """
    lines: list[str] = []
    for line in rules.split("\n"):
        wide = line.replace(_SAFE, _IN_ANY_SCRIPT).replace(_PATHS, _PATHS_IN_ANY_SCRIPT)
        lines += [line, wide.replace(_AS_IT_IS, _NAMES_ESCAPED)] if _AS_IT_IS in line else [wide]
    return "\n".join(lines)


def _without_identifiers(rules: str, project: Project) -> str:
    """The rules; for data that have IRIs of their own, for pages alone, not for claims, graphs, versions."""
    if project.mints:
        return rules
    lines = "\n".join(line for line in rules.split("\n") if not _IDENTIFIERS.search(line))
    return lines.replace(_RESOURCES, _ANY_PAGE)


def _folder(host: str) -> str:
    """The path at which the site lives, with a slash at each end."""
    path = urlsplit(host).path
    return path if path.endswith("/") else path + "/"


def _choice() -> Iterator[str]:
    """Apache's choice of an extension, by the first pattern that fits."""
    yield "RewriteCond %{HTTP:Accept} ^$"
    yield "RewriteRule ^ - [E=KG_FORMAT:html]"
    for pattern, type_ in accept_patterns():
        yield "RewriteCond %{ENV:KG_FORMAT} ^$"
        yield f'RewriteCond %{{HTTP:Accept}} "{pattern}" [NC]'
        yield f"RewriteRule ^ - [E=KG_FORMAT:{EXTENSIONS[type_]}]"


def htaccess(host: str) -> str:
    """Apache 2.4 (mod_rewrite, mod_headers, mod_mime), for the folder of the site."""
    types = "\n".join(
        f"AddType {media_type} {extension}" for extension, media_type in {**_TYPES, **_PLAIN_TYPES}.items()
    )
    return f"""# Apache: content negotiation for this folder. Needs AllowOverride All, mod_rewrite and mod_headers.
Options -MultiViews -Indexes
DirectorySlash Off
DirectoryIndex index.html
ErrorDocument 404 {_folder(host)}404.html
AddDefaultCharset Off
AddCharset utf-8 .html .ttl .nt .nq .trig .rq .css .js .txt
{types}
<FilesMatch "^linkset\\.json$">
ForceType {_LINKSET}
</FilesMatch>
<FilesMatch "^void$">
ForceType text/turtle
</FilesMatch>
<FilesMatch "^\\.isoc-kg">
Require all denied
</FilesMatch>
<IfModule mod_headers.c>
Header always set X-Content-Type-Options nosniff
Header always set Referrer-Policy strict-origin-when-cross-origin
Header always set Content-Security-Policy "{CONTENT_SECURITY_POLICY}; frame-ancestors 'self'"
Header always set Access-Control-Allow-Origin *
Header always merge Vary Accept env=KG_NEGOTIATED
</IfModule>

RewriteEngine On
# the path at which this folder stands, whatever it is
RewriteCond %{{REQUEST_URI}}::$1 ^(.*?/)(.*)::\\2$
RewriteRule ^(.*)$ - [E=KG_ROOT:%1]
RewriteCond %{{REQUEST_FILENAME}} -f
RewriteRule ^ - [END]
RewriteRule ^claim/({_SAFE})\\.([0-9a-f]{{16}})$ %{{ENV:KG_ROOT}}id/$1.html#$2 [R=303,NE,END]
RewriteRule ^(ontology|evidence)/([0-9]+(?:\\.[0-9a-z]+)*)$ %{{ENV:KG_ROOT}}$1/$2.ttl [R=303,END]
RewriteRule ^graph/({_SAFE})$ %{{ENV:KG_ROOT}}dataset.html#graph-$1 [R=303,NE,END]
RewriteRule ^query/({_SAFE})$ %{{ENV:KG_ROOT}}query/$1.html [R=303,END]
# the format: patterns in the order of quality, then of our preference
{chr(10).join(_choice())}
RewriteCond %{{REQUEST_FILENAME}}.html !-f
RewriteRule ^(?:{_RESOURCES})$ - [R=404,END]
RewriteRule ^(?:{_RESOURCES})$ - [E=KG_NEGOTIATED:1]
RewriteCond %{{ENV:KG_FORMAT}} !^$
RewriteCond %{{REQUEST_FILENAME}}.%{{ENV:KG_FORMAT}} -f
RewriteRule ^({_RESOURCES})$ %{{ENV:KG_ROOT}}$1.%{{ENV:KG_FORMAT}} [R=303,END]
RewriteRule ^(?:{_RESOURCES})$ - [R=406,END]
"""


def nginx_map() -> str:
    """The choice of a format, for nginx's `http` block."""
    rows = "\n".join(f'    "~*{_quoted(pattern)}" {EXTENSIONS[type_]};' for pattern, type_ in accept_patterns())
    return f"""# nginx: include this in http {{ }}. The format that a request gets, by its Accept header.
map_hash_bucket_size 256;
map $http_accept $kg_format {{
    default none;
    "" html;
{rows}
}}
"""


def _quoted(pattern: str) -> str:
    return pattern.replace("\\", "\\\\").replace('"', '\\"')


def nginx_site(host: str) -> str:
    """The places of the site, for nginx's `server` block."""
    root = _folder(host)
    start = re.escape(root)
    types = "\n".join(
        f"    {media_type} {extension[1:]};" for extension, media_type in {**_TYPES, **_PLAIN_TYPES}.items()
    )
    return f"""# nginx: include this in the server {{ }} that serves the site's folder at {root}
# Only names that the site itself makes are ever put into a Location header. "set" escapes what it takes from an
# address, as headers need it; a name in a pattern is what the file is called.
absolute_redirect off;
error_page 404 {root}404.html;
charset utf-8;
charset_types text/turtle application/n-triples text/css text/javascript;
types {{
{types}
}}
add_header X-Content-Type-Options nosniff always;
add_header Referrer-Policy strict-origin-when-cross-origin always;
add_header Content-Security-Policy "{CONTENT_SECURITY_POLICY}; frame-ancestors 'self'" always;
add_header Access-Control-Allow-Origin * always;
location ~ /\\.isoc-kg {{ return 404; }}
location = {root}.well-known/void {{ default_type text/turtle; }}
location = {root}linkset.json {{ types {{ }} default_type {_LINKSET}; }}
location ~ "^{start}claim/({_SAFE})\\.([0-9a-f]{{16}})$" {{ set $kg_name $1; return 303 {root}id/$kg_name.html#$2; }}
location ~ "^{start}(ontology|evidence)/([0-9]+(?:\\.[0-9a-z]+)*)$" {{ return 303 {root}$1/$2.ttl; }}
location ~ "^{start}graph/({_SAFE})$" {{ set $kg_name $1; return 303 {root}dataset.html#graph-$kg_name; }}
location ~ "^{start}query/({_SAFE})$" {{ set $kg_name $1; return 303 {root}query/$kg_name.html; }}
location ~ "^{start}(?<kg_file>{_RESOURCES})$" {{
    set $kg_name $1;
    add_header Vary Accept always;
    add_header Access-Control-Allow-Origin * always;
    if (!-f $document_root{root}$kg_file.html) {{ return 404; }}
    if (!-f $document_root{root}$kg_file.$kg_format) {{ return 406; }}
    return 303 {root}$kg_name.$kg_format;
}}
"""


def w3id_htaccess(project: Project, host: str) -> str:
    """A redirect for w3id.org (or any Apache) that negotiates for hosts which cannot."""
    base = project.base
    return f"""# For the folder of {base} at w3id.org: every identifier leads to {host}
# and gets the format that the request accepts, whatever the host behind it can do.
Options -MultiViews
RewriteEngine On
Header always merge Vary Accept
Header always set Access-Control-Allow-Origin *
RewriteRule ^claim/({_SAFE})\\.([0-9a-f]{{16}})$ {host}id/$1.html#$2 [R=303,NE,END]
RewriteRule ^(ontology|evidence)/([0-9]+(?:\\.[0-9a-z]+)*)$ {host}$1/$2.ttl [R=303,END]
RewriteRule ^graph/({_SAFE})$ {host}dataset.html#graph-$1 [R=303,NE,END]
RewriteRule ^query/({_SAFE})$ {host}query/$1.html [R=303,END]
{chr(10).join(_choice())}
RewriteCond %{{ENV:KG_FORMAT}} !^$
RewriteRule ^({_RESOURCES})$ {host}$1.%{{ENV:KG_FORMAT}} [R=303,END]
RewriteRule ^(?:{_RESOURCES})$ - [R=406,END]
# pages, dumps and all else: the same name there
RewriteRule ^({_PATHS})$ {host}$1 [R=302,END]
"""


def headers_file() -> str:
    """`_headers` of Netlify and Cloudflare Pages."""
    rows = "".join(f"/*{extension}\n  Content-Type: {type_}\n" for extension, type_ in _TYPES.items())
    return f"""# Netlify, Cloudflare Pages. Not tested there.
/*
  Access-Control-Allow-Origin: *
  X-Content-Type-Options: nosniff
  Referrer-Policy: strict-origin-when-cross-origin
  Content-Security-Policy: {CONTENT_SECURITY_POLICY}; frame-ancestors 'self'
{rows}/linkset.json
  Content-Type: {_LINKSET}
/.well-known/void
  Content-Type: text/turtle
"""


def redirects_file() -> str:
    """`_redirects` of Netlify and Cloudflare Pages."""
    return """# Netlify, Cloudflare Pages. Not tested there.
# These hosts serve id/x.html at id/x by themselves, and cannot look at Accept: rules/w3id.htaccess negotiates
# for them at the identifiers' own address, claims included.
/graph/:name  /dataset.html#graph-:name  303
"""
