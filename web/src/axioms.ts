// What statements entail by axioms between named terms: superclasses, superproperties, inverses, symmetric properties.
import { EQUIVALENT_CLASS, EQUIVALENT_PROPERTY, INVERSE, skos, SUBCLASS, SUBPROPERTY, SYMMETRIC, TYPE } from "./names";

type Triple = [string, string, string];

/** What SKOS says of its own properties (https://www.w3.org/TR/skos-reference/). */
const OF_SKOS: Triple[] = [
  [skos("topConceptOf"), SUBPROPERTY, skos("inScheme")],
  [skos("topConceptOf"), INVERSE, skos("hasTopConcept")],
  [skos("related"), TYPE, SYMMETRIC],
  [skos("narrower"), INVERSE, skos("broader")],
  [skos("broadMatch"), SUBPROPERTY, skos("broader")],
  [skos("narrowMatch"), SUBPROPERTY, skos("narrower")],
  [skos("relatedMatch"), SUBPROPERTY, skos("related")],
  [skos("exactMatch"), SUBPROPERTY, skos("closeMatch")],
  [skos("narrowMatch"), INVERSE, skos("broadMatch")],
  [skos("exactMatch"), TYPE, SYMMETRIC],
  [skos("closeMatch"), TYPE, SYMMETRIC],
  [skos("relatedMatch"), TYPE, SYMMETRIC],
];
/** The properties whose statements are axioms. */
export const AXIOMS = [SUBCLASS, SUBPROPERTY, EQUIVALENT_CLASS, EQUIVALENT_PROPERTY, INVERSE];

/** Terms are tokens as N-Triples write them. */
export class Axioms {
  private readonly next = new Map<string, Map<string, [string, boolean]>>();
  private readonly known = new Map<string, [string, boolean][]>();

  constructor(triples: Iterable<Triple>) {
    const add = (from: string, to: string, turned: boolean): void => {
      const own = this.next.get(from) ?? new Map<string, [string, boolean]>();
      this.next.set(from, own.set(`${turned} ${to}`, [to, turned]));
    };
    for (const [s, p, o] of [...OF_SKOS.map((triple) => triple.map((iri) => `<${iri}>`) as Triple), ...triples]) {
      const property = p.slice(1, -1);
      if (property === SUBCLASS || property === SUBPROPERTY) add(s, o, false);
      else if (property === INVERSE || property === EQUIVALENT_CLASS || property === EQUIVALENT_PROPERTY) {
        add(s, o, property === INVERSE);
        add(o, s, property === INVERSE);
      } else if (property === TYPE && o === `<${SYMMETRIC}>`) add(s, s, true);
    }
  }

  /** All that a class or property leads to. */
  private over(term: string): [string, boolean][] {
    let found = this.known.get(term);
    if (!found) {
      const seen = new Map<string, [string, boolean]>([[`false ${term}`, [term, false]]]);
      const queue: [string, boolean][] = [[term, false]];
      for (let pair = queue.pop(); pair; pair = queue.pop()) {
        for (const [above, turn] of this.next.get(pair[0])?.values() ?? []) {
          const next: [string, boolean] = [above, pair[1] !== turn];
          if (seen.has(`${next[1]} ${above}`)) continue;
          seen.set(`${next[1]} ${above}`, next);
          queue.push(next);
        }
      }
      seen.delete(`false ${term}`);
      found = [...seen.values()];
      this.known.set(term, found);
    }
    return found;
  }

  /** The triples that follow from one. */
  entailed([s, p, o]: Triple): Triple[] {
    if (p === `<${TYPE}>`) return this.over(o).filter(([, turned]) => !turned).map(([above]) => [s, p, above]);
    return this.over(p).filter(([, turned]) => !turned || o.startsWith("<")).map(([above, turned]) => (turned ? [o, above, s] : [s, above, o]));
  }
}
