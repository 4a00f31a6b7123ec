// The names of things, in the reader's language where there is one: chosen as the pages choose them.
import { Literal, namedNode, type NamedNode, type Store } from "oxigraph/web.js";

const ENGLISH = 3;
const OTHER = 5;

/** How far a language tag is from a language: 0 the same, 2 for none, 5 another, English apart. */
function language_rank(tag: string, language: string): number {
  if (!tag) return 2;
  const [wanted, given] = [language.toLowerCase(), tag.toLowerCase()];
  const primary = given.split("-")[0];
  if (primary === wanted.split("-")[0]) return given === wanted ? 0 : 1;
  return primary === "en" ? (given === "en" ? ENGLISH : ENGLISH + 1) : OTHER;
}

/** IRI → its label and that one's language, for those that have one. */
export function labels_of(store: Store, iris: Iterable<string>, properties: string[], language: string): Record<string, [string, string]> {
  const found: Record<string, [string, string]> = {};
  for (const iri of iris) {
    let best: [number, number, number, string] | undefined;
    let tag = "";
    for (const [number, property] of properties.entries()) {
      for (const quad of store.match(namedNode(iri), namedNode(property) as NamedNode, null, null)) {
        if (!(quad.object instanceof Literal)) continue;
        const rank = language_rank(quad.object.language, language);
        const preference: [number, number, number, string] = [rank <= 2 ? 0 : rank < OTHER ? 1 : 2, number, rank, quad.object.value];
        if (!best || less(preference, best)) [best, tag] = [preference, quad.object.language];
      }
    }
    if (best) found[iri] = [best[3], tag];
  }
  return found;
}

function less(one: (number | string)[], other: (number | string)[]): boolean {
  for (const [number, value] of one.entries()) if (value !== other[number]) return value < other[number]!;
  return false;
}
