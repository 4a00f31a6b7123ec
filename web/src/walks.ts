// The walks that a property path accepts between two nodes, and the statements that they go over: as evidence/walks.py.
import { BlankNode, NamedNode, namedNode, type Store, type Term } from "oxigraph/web.js";
import { inverse, is_property, type Expression, type Group, type Link, type Node } from "./patterns";

const MOST_LINKS = 200;
const MOST_STATEMENTS = 50_000;
const MOST_STEPS = 1_000_000;

export type Triple = [string, string, string];

/** Not all walks were followed; the text is one of the keys `script_why_…`. */
export class Incomplete extends Error {}

/** A pattern whose path is more than a property, with the graph that it is asked of. */
export interface Route {
  subject: Node;
  path: Expression;
  object: Node;
  graph?: Node;
}

/** Those of a query, but for what MINUS and NOT EXISTS leave out. */
export function routes(group: Group, outer?: Node): Route[] {
  const graph = group.graph ?? outer;
  const own = group.patterns.filter(({ path }) => path.expression && !is_property(path));
  return [
    ...own.map(({ subject, path, object }) => ({ subject, path: path.expression!, object, ...(graph ? { graph } : {}) })),
    ...[...group.unions.flat(), ...group.others].filter((one) => !one.denied).flatMap((one) => routes(one, graph)),
  ];
}

/** Follows paths over a store, within bounds that hold for all of them together. */
export class Walks {
  private statements = 0;
  private steps = 0;

  constructor(private readonly store: Store) {}

  /** For pairs of subject and object the statements on walks between them, behind `subject\nobject`. */
  between(path: Expression, pairs: [Term, Term][], graph?: Term): Map<string, Triple[]> {
    const ends = (number: 0 | 1): number => new Set(pairs.map((pair) => String(pair[number]))).size;
    const turned = ends(1) < ends(0);
    const automaton = new Automaton(turned ? inverse(path) : path);
    const steps = new Map<string, [Triple, Term][]>();
    const of_start = new Map<string, [Term, Set<string>]>();
    for (const [one, other] of pairs) {
      const [start, end] = turned ? [other, one] : [one, other];
      const own = of_start.get(String(start)) ?? [start, new Set<string>()];
      of_start.set(String(start), own);
      own[1].add(String(end));
    }
    const found = new Map<string, Triple[]>();
    for (const [name, [start, others]] of of_start) {
      const before = this.reached(automaton, steps, start, graph);
      for (const end of others) {
        const triples = this.accepted(before, [...automaton.last].map((state) => `${state} ${end}`));
        found.set(turned ? `${end}\n${name}` : `${name}\n${end}`, triples);
      }
    }
    return found;
  }

  /** Each place (a state and a node) that a walk can come to, with the places and statements that lead there. */
  private reached(automaton: Automaton, steps: Map<string, [Triple, Term][]>, start: Term, graph?: Term): Map<string, [string, Triple][]> {
    const before = new Map<string, [string, Triple][]>();
    const seen = new Set([`0 ${start}`]);
    const queue: [Term, number][] = [[start, 0]];
    for (let place = queue.pop(); place; place = queue.pop()) {
      const [node, state] = place;
      for (const after of automaton.follow[state]!) {
        const link = automaton.links[after]!;
        for (const [triple, next] of this.from(steps, node, link, graph)) {
          if (link.terms.includes(triple[1]) === link.negated) continue;
          this.count();
          const key = `${after} ${next}`;
          const ways = before.get(key) ?? [];
          before.set(key, ways);
          ways.push([`${state} ${node}`, triple]);
          if (!seen.has(key)) {
            seen.add(key);
            queue.push([next, after]);
          }
        }
      }
    }
    return before;
  }

  private accepted(before: Map<string, [string, Triple][]>, ends: string[]): Triple[] {
    const found = new Map<string, Triple>();
    const queue = [...ends];
    const seen = new Set(queue);
    for (let place = queue.pop(); place !== undefined; place = queue.pop()) {
      for (const [earlier, triple] of before.get(place) ?? []) {
        this.count();
        found.set(triple.join(" "), triple);
        if (!seen.has(earlier)) {
          seen.add(earlier);
          queue.push(earlier);
        }
      }
    }
    return [...found.values()];
  }

  private count(): void {
    this.steps += 1;
    if (this.steps > MOST_STEPS) throw new Incomplete("walks");
  }

  /** The statements from a node in the direction of a link, each once, with where they lead; more than its own, perhaps. */
  private from(steps: Map<string, [Triple, Term][]>, node: Term, link: Link, graph?: Term): [Triple, Term][] {
    const properties = link.negated ? [""] : link.terms;
    return properties.flatMap((property) => {
      const key = `${link.forward} ${property} ${node}`;
      const known = steps.get(key);
      if (known) return known;
      const verb = property ? namedNode(property.slice(1, -1)) : null;
      const found = new Map<string, [Triple, Term]>();
      if (!link.forward || node instanceof NamedNode || node instanceof BlankNode) {
        const quads = link.forward ? this.store.match(node, verb, null, graph ?? null) : this.store.match(null, verb, node, graph ?? null);
        for (const quad of quads) {
          const triple: Triple = [String(quad.subject), String(quad.predicate), String(quad.object)];
          found.set(triple.join(" "), [triple, (link.forward ? quad.object : quad.subject) as Term]);
        }
      }
      this.statements += found.size;
      if (this.statements > MOST_STATEMENTS) throw new Incomplete("walks");
      steps.set(key, [...found.values()]);
      return [...found.values()];
    });
  }
}

/** The links of a path, numbered from 1: which may follow each, which may be the last; 0 stands before all. */
class Automaton {
  readonly links: Link[] = [{ terms: [], forward: true, negated: false }];
  readonly follow: Set<number>[] = [new Set()];
  readonly last: Set<number>;

  constructor(path: Expression) {
    const { first, last } = this.read(path);
    this.follow[0] = first;
    this.last = last;
  }

  private read(path: Expression): { first: Set<number>; last: Set<number>; none: boolean } {
    if ("link" in path) {
      if (this.links.length > MOST_LINKS) throw new Incomplete("walks");
      this.links.push(path.link);
      this.follow.push(new Set());
      const own = [this.links.length - 1];
      return { first: new Set(own), last: new Set(own), none: false };
    }
    const { operator, parts } = path;
    let first = new Set<number>();
    let last = new Set<number>();
    let none = operator === "/";
    for (const part of parts) {
      const own = this.read(part);
      if (operator === "/") {
        this.join(last, own.first);
        if (none) first = new Set([...first, ...own.first]);
        last = own.none ? new Set([...own.last, ...last]) : own.last;
        none &&= own.none;
      } else {
        first = new Set([...first, ...own.first]);
        last = new Set([...last, ...own.last]);
        none ||= own.none;
      }
    }
    if (operator === "*" || operator === "+") this.join(last, first);
    return { first, last, none: none || operator === "?" || operator === "*" };
  }

  private join(last: Set<number>, first: Set<number>): void {
    for (const link of last) for (const next of first) this.follow[link]!.add(next);
  }
}
