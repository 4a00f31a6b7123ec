/** An IRI with a prefix where one fits. */
export function short(iri: string, prefixes: Record<string, string>): string {
  let best = "";
  for (const [prefix, namespace] of Object.entries(prefixes)) {
    if (iri.startsWith(namespace) && namespace.length > (prefixes[best]?.length ?? 0)) best = prefix;
  }
  const local = iri.slice(prefixes[best]?.length ?? 0);
  return best && /^(?:[A-Za-z0-9_](?:[A-Za-z0-9_.\-]*[A-Za-z0-9_\-])?)?$/.test(local) ? `${best}:${local}` : `<${iri}>`;
}
