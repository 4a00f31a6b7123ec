// On a host that only has files, identifiers lead to its page for what is not there: this goes on to their page.

/** The file of an identifier, by its path below the site's root: as the rules for web servers have it (site/rules.py). */
export function file_of(path: string): string {
  const claim = /^claim\/([^/]+)\.([0-9a-f]{16})$/.exec(path);
  if (claim) return `id/${claim[1]}.html#${claim[2]}`;
  const graph = /^graph\/([^/.]+)$/.exec(path);
  if (graph) return `dataset.html#graph-${graph[1]}`;
  if (/^(ontology|evidence)\/[0-9]+(\.[0-9a-z]+)*$/.test(path)) return `${path}.ttl`;
  return /^((id|resource|query)\/[^/.]+|document\/[^/.]+(\/[^/.]+)?|ontology|evidence|shapes|dataset)$/.test(path) ? `${path}.html` : "";
}

/** Goes to the file of the identifier that was asked for, if there is such a file. */
export async function missing(): Promise<void> {
  const root = document.querySelector("[data-identifier]") ? document.documentElement.dataset.root : undefined;
  if (!root || !location.pathname.startsWith(root)) return;
  // a host that has a folder of the same name puts a slash at the end
  const file = file_of(location.pathname.slice(root.length).replace(/\/$/, ""));
  if (!file) return;
  const address = new URL(root + file, location.origin);
  address.hash ||= location.hash;
  const answer = await fetch(address, { method: "HEAD" });
  if (answer.ok && address.origin === location.origin) location.replace(address);
}

/** Goes on from the page of a folder to what an identifier means, with all that its address has. */
export function ahead(): void {
  const link = document.querySelector<HTMLAnchorElement>("a[data-ahead]");
  if (link) location.replace(link.href + location.hash);
}
