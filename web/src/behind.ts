// Who says so? The claims behind each row, with their sentences: what `isoc-kg query --why` answers, from the dump.
import { literal, namedNode, type NamedNode, type Store, type Term } from "oxigraph/web.js";
import { answered } from "./alternatives";
import { AXIOMS, Axioms } from "./axioms";
import * as names from "./names";
import type { Behind, Reason, Sentence } from "./protocol";
import { groups, is_property, patterns_of, type Expression, type Node } from "./patterns";
import { form, is_computed, literal_parts, MOST_MATCHES, named_terms, tokens, widened, with_prefixes } from "./query-tokens";
import { Incomplete, routes, Walks, type Route, type Triple } from "./walks";

type Row = Map<string, Term>;
interface Match {
  terms: Set<string>;
  row: Row;
}
interface Claim {
  iri: string;
  triple: Triple;
}

const TYPE = `<${names.TYPE}>`;
const IN_SCHEME = new Map([["inScheme", false], ["topConceptOf", false], ["hasTopConcept", true]].map(([name, turned]) => [`<${names.skos(name as string)}>`, turned as boolean]));
/** What a unit is in the published data → what it is called. */
const KINDS: Record<string, string> = { Heading: "heading", Sentence: "sentence", ListItem: "item", Question: "question", Segment: "segment", ListLeadIn: "lead-in" };
const MOST_ROWS = 1000; //: that are explained
const MOST_OF_GROUP = 100; //: statements behind a row of groups

/** Answers for one store. */
export class Support {
  private axioms_read: Axioms | undefined;
  private prefixes_read: Map<string, string> | undefined;
  private readonly evidence_read = new Map<string, Reason>();

  constructor(private readonly store: Store, private readonly claims: string) {}

  /** What pages call a unit, behind its document's short name where there are several; nothing for what is no unit. */
  unit_name(iri: string): string {
    const [edition, number] = iri.split("#") as [string, string?];
    const before = this.unit_prefixes().get(edition);
    return number && before !== undefined ? before + number : "";
  }

  /** For each row the claims behind it. */
  explain(text: string, prefixes: Record<string, string>, rows: Row[], variables: string[]): Behind | undefined {
    const query = tokens(text);
    if (form(query) !== "SELECT") return undefined;
    const shown = rows.slice(0, MOST_ROWS);
    const wide = widened(text, query);
    const matches = new Map<string, Match[]>();
    let incomplete = rows.length > MOST_ROWS ? `first:${MOST_ROWS}` : "";
    const terms = new Map<string, Term>();
    const match_of = (row: Row): Match => {
      const found = new Set<string>();
      for (const term of row.values()) {
        found.add(token(term));
        terms.set(token(term), term);
      }
      return { terms: found, row };
    };
    const key = (row: Row, of: string[]): string => of.map((name) => (row.has(name) ? token(row.get(name)!) : "")).join("\n");
    if (wide) {
      try {
        const found = answered(this.store, with_prefixes(wide.text, prefixes), { use_default_graph_as_union: true }) as Row[];
        if (found.length > MOST_MATCHES) incomplete ||= "matches";
        else {
          for (const row of found) {
            const own = key(row, wide.variables);
            matches.set(own, [...(matches.get(own) ?? []), match_of(row)]);
          }
        }
      } catch (error) {
        incomplete = String(error instanceof Error ? error.message : error);
      }
    }
    const own = shown.map((row) => matches.get(key(row, wide?.variables ?? variables)) ?? [match_of(row)]);
    if (!wide && is_computed(query)) incomplete ||= "computed";
    const patterns = groups(patterns_of(query, prefixes)).flatMap((group) => group.patterns);
    const asked = routes(patterns_of(query, prefixes));
    // an optional variable has no value in some matches; one that no match has a value for is of an inner query
    const told = new Set([...variables, ...own.flatMap((some) => some.flatMap((match) => [...match.row.keys()]))]);
    const is_told = (node: Node): boolean => node.term !== "" || told.has(node.variable) || (!!wide && node.variable !== "");
    if (asked.some(({ subject, object }) => !is_told(subject) || !is_told(object))) incomplete ||= "untold";
    const [walked, reason] = this.walked(new Walks(this.store), asked, own);
    incomplete ||= reason;
    // the properties within paths say nothing of what stands beside them
    const within = patterns.map(({ path }) => path).filter((path) => !is_property(path));
    const all = named_terms(query, prefixes);
    const inside = (start: number): boolean => within.some((path) => path.start <= start && start < path.end);
    const named = within.length > 0 ? named_terms(query.filter((one) => !inside(one.start)), prefixes) : all;
    const any_property = within.length === 0 || patterns.some(({ path }) => path.variable !== "");
    const every = this.behind(own, walked, named, any_property, terms);
    const why = wide?.grouped ? every.map((claims) => claims.slice(0, MOST_OF_GROUP)) : every;
    if (why.some((claims, row) => claims.length < every[row]!.length)) incomplete ||= `statements:${MOST_OF_GROUP}`;
    return { why, ...(incomplete ? { incomplete } : {}) };
  }

  /** For each row the statements on the walks of its matches, and why some may be missing. */
  private walked(walks: Walks, asked: Route[], solutions: Match[][]): [Triple[][], string] {
    const pairs = new Map<string, { path: Expression; graph: Term | undefined; ends: Map<string, [Term, Term]>; rows: Map<string, Set<number>> }>();
    asked.forEach((route, number) => {
      solutions.forEach((matches, row) => {
        for (const match of matches) {
          const value = (node: Node): Term | undefined => (node.term ? term_of(node.term) : match.row.get(node.variable));
          const [start, end, graph] = [value(route.subject), value(route.object), route.graph && value(route.graph)];
          if (!start || !end || (route.graph && !graph)) continue;
          const key = `${number} ${graph ?? ""}`;
          const of_path = pairs.get(key) ?? { path: route.path, graph, ends: new Map<string, [Term, Term]>(), rows: new Map<string, Set<number>>() };
          pairs.set(key, of_path);
          const pair = `${token(start)}\n${token(end)}`;
          of_path.ends.set(pair, [start, end]);
          of_path.rows.set(pair, (of_path.rows.get(pair) ?? new Set<number>()).add(row));
        }
      });
    });
    const found = solutions.map((): Triple[] => []);
    let reason = "";
    for (const { path, graph, ends, rows } of pairs.values()) {
      try {
        for (const [pair, triples] of walks.between(path, [...ends.values()], graph)) for (const row of rows.get(pair)!) found[row]!.push(...triples);
      } catch (error) {
        if (!(error instanceof Incomplete)) throw error;
        reason = error.message;
      }
    }
    return [found, reason];
  }

  private behind(solutions: Match[][], walked: Triple[][], named: Set<string>, any_property: boolean, terms: Map<string, Term>): Reason[][] {
    const values = new Set([...named, ...solutions.flatMap((matches) => matches.flatMap((match) => [...match.terms]))]);
    const claims: Claim[] = [];
    for (const value of values) if (value.startsWith("<")) claims.push(...this.about((terms.get(value) ?? namedNode(value.slice(1, -1))) as NamedNode));
    const stated = this.stated(claims, named).filter(([, triple]) => values.has(triple[2]));
    const properties = new Set([...named].filter((name) => name.startsWith("<") && this.store.match(null, namedNode(names.PREDICATE), namedNode(name.slice(1, -1)), null).length > 0));
    for (const [, triple] of stated) if (named.has(triple[1])) properties.add(triple[1]);
    const by_subject = new Map<string, [string, Claim][]>();
    for (const [claim, [s, p, o]] of stated) {
      if (properties.has(p) || (properties.size === 0 && any_property)) by_subject.set(s, [...(by_subject.get(s) ?? []), [o, claim]]);
    }
    const called = this.called([...values]);
    const of_statement = this.claims_of(new Map(walked.flat().map((triple) => [triple.join(" "), triple])));
    return solutions.map((matches, row) => {
      const found = new Map<string, Claim>();
      for (const name of [...named, ...matches.flatMap(({ terms: match }) => [...match])]) {
        const claim = called.get(name);
        if (claim) found.set(`${claim.triple.join(" ")} ${claim.iri}`, claim);
      }
      for (const triple of walked[row]!) for (const claim of of_statement.get(triple.join(" ")) ?? []) found.set(`${claim.triple.join(" ")} ${claim.iri}`, claim);
      for (const { terms: match } of matches) {
        for (const subject of new Set([...match, ...named])) {
          for (const [object, claim] of by_subject.get(subject) ?? []) {
            if (match.has(object) || named.has(object)) found.set(`${claim.triple.join(" ")} ${claim.iri}`, claim);
          }
        }
      }
      return [...found].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, claim]) => this.evidence(claim));
    });
  }

  /** The claims that statements are or follow from. */
  private claims_of(triples: Map<string, Triple>): Map<string, Claim[]> {
    const nodes = new Set([...triples.values()].flatMap(([s, , o]) => [s, o]).filter((node) => node.startsWith("<")));
    const claims = [...nodes].flatMap((node) => this.about(namedNode(node.slice(1, -1))));
    const found = new Map<string, Claim[]>();
    for (const [claim, triple] of this.stated(claims, new Set([...triples.values()].map(([, p]) => p)))) {
      const key = triple.join(" ");
      if (triples.has(key)) found.set(key, [...(found.get(key) ?? []), claim]);
    }
    return found;
  }

  private about(subject: NamedNode): Claim[] {
    const named = new Set(this.store.match(null, namedNode(names.SUBJECT), subject, null).map(({ subject: node }) => token(node as Term)));
    return [...this.called([...named]).values()];
  }

  /** The claims that have these names (tokens). */
  private called(tokens_of: string[]): Map<string, Claim> {
    const found = new Map<string, Claim>();
    for (const name of tokens_of.filter((one) => one.startsWith(`<${this.claims}`))) {
      const node = namedNode(name.slice(1, -1));
      const [subject, predicate, object] = [names.SUBJECT, names.PREDICATE, names.OBJECT].map((part) => this.values(node, part)[0]);
      if (subject && predicate && object) found.set(name, { iri: node.value, triple: [token(subject), token(predicate), token(object)] });
    }
    return found;
  }

  private stated(claims: Claim[], named: Set<string>): [Claim, Triple][] {
    const axioms = this.axioms();
    const found: [Claim, Triple][] = claims.flatMap((claim) => [claim.triple, ...axioms.entailed(claim.triple)].map((triple) => [claim, triple] as [Claim, Triple]));
    const asked = [...IN_SCHEME].filter(([name]) => named.has(name));
    if (asked.length > 0) {
      const typed = found.filter(([, triple]) => triple[1] === TYPE).map(([claim, triple]) => [claim, triple[0]] as const);
      for (const [claim, concept] of typed) {
        for (const scheme of this.schemes(concept)) {
          for (const [name, turned] of asked) found.push([claim, turned ? [scheme, name, concept] : [concept, name, scheme]]);
        }
      }
    }
    return found;
  }

  private schemes(concept: string): Set<string> {
    const node = namedNode(concept.slice(1, -1));
    const found = new Set<string>();
    for (const [name, turned] of IN_SCHEME) {
      const property = namedNode(name.slice(1, -1));
      const quads = turned ? this.store.match(null, property, node, null) : this.store.match(node, property, null, null);
      for (const quad of quads) found.add(token((turned ? quad.subject : quad.object) as Term));
    }
    return found;
  }

  private axioms(): Axioms {
    if (!this.axioms_read) {
      const quads = AXIOMS.flatMap((name) => this.store.match(null, namedNode(name), null, null));
      quads.push(...this.store.match(null, namedNode(names.TYPE), namedNode(names.SYMMETRIC), null));
      this.axioms_read = new Axioms(quads.map((quad) => [token(quad.subject as Term), token(quad.predicate), token(quad.object as Term)]));
    }
    return this.axioms_read;
  }

  /** The values of a property, each once. */
  private values(node: Term, property: string): Term[] {
    const found = new Map<string, Term>();
    for (const quad of this.store.match(node, namedNode(property), null, null)) found.set(token(quad.object as Term), quad.object as Term);
    return [...found.values()];
  }

  private texts(node: Term, property: string): string[] {
    return this.values(node, property).map((term) => (term as NamedNode).value).sort();
  }

  private evidence(claim: Claim): Reason {
    let found = this.evidence_read.get(claim.iri);
    if (!found) {
      const node = namedNode(claim.iri);
      const stated = this.texts(node, names.SUPPORTED_BY);
      const implied = this.texts(node, names.IMPLIED_BY).filter((unit) => !stated.includes(unit));
      found = {
        claim: claim.iri,
        statement: claim.triple,
        sentences: this.sentences([...stated.map((unit) => [unit, false] as const), ...implied.map((unit) => [unit, true] as const)]),
        contradicting: this.sentences(this.texts(node, names.CONTRADICTED_BY).map((unit) => [unit, false] as const)),
        notes: this.texts(node, names.EDITORIAL_NOTE),
        conflicts: this.texts(node, names.CONFLICTS_WITH).map((rival) => [rival, (this.values(namedNode(rival), names.OBJECT)[0] as NamedNode | undefined)?.value ?? rival]),
        preferred: this.texts(node, names.PREFERRED),
        retracted: this.texts(node, names.RETRACTED),
      };
      this.evidence_read.set(claim.iri, found);
    }
    return found;
  }

  private sentences(units: (readonly [string, boolean])[]): Sentence[] {
    return units
      .map(([unit, implied]) => this.sentence(unit, implied))
      .sort((one, other) => (one.document !== other.document ? (one.document < other.document ? -1 : 1) : one.start - other.start));
  }

  private sentence(iri: string, implied: boolean): Sentence {
    const node = namedNode(iri);
    const first = (of: Term, property: string): string => this.texts(of, property)[0] ?? "";
    const edition = first(node, names.SOURCE) || iri.split("#")[0]!;
    const source = namedNode(edition);
    const places = this.values(node, names.SELECTOR);
    const place = (property: string): string => places.map((one) => first(one, property)).find((text) => text) ?? "";
    const number = first(node, names.IDENTIFIER) || (iri.split("#")[1] ?? "");
    return {
      iri,
      number,
      name: (this.unit_prefixes().get(edition) ?? "") + number,
      kind: KINDS[first(node, names.UNIT_KIND).split("#")[1] ?? ""] ?? "sentence",
      document: first(source, names.TITLE) || edition,
      start: Number(place(names.START)) || 0,
      gist: first(node, names.GIST),
      quote: place(names.EXACT),
      implied,
      held: this.values(source, names.REPLACED_BY).length > 0 ? first(source, names.VERSION) : "",
    };
  }

  /** Edition → what stands before the numbers of its units: nothing, `guide:` or `guide/1:`. */
  private unit_prefixes(): Map<string, string> {
    if (!this.prefixes_read) {
      const editions = new Map<string, { slug: string; version: string; current: boolean }>();
      for (const quad of this.store.match(null, namedNode(names.TYPE), namedNode(names.EDITION), null)) {
        const node = quad.subject as NamedNode;
        const slug = this.texts(node, names.VERSION_OF)[0]?.split(/[#/]/).pop();
        const version = this.texts(node, names.VERSION)[0];
        if (slug && version) editions.set(node.value, { slug, version, current: this.values(node, names.REPLACED_BY).length === 0 });
      }
      const all = [...editions.values()];
      const several = new Set(all.map((one) => one.slug)).size > 1;
      this.prefixes_read = new Map([...editions].map(([iri, one]) => {
        const rivals = all.filter((other) => other.slug === one.slug && other.current).length;
        return [iri, !one.current || rivals > 1 ? `${one.slug}/${one.version}:` : several ? `${one.slug}:` : ""];
      }));
    }
    return this.prefixes_read;
  }
}

/** The term of a token as N-Triples write it. */
function term_of(text: string): Term {
  if (text.startsWith("<")) return namedNode(text.slice(1, -1));
  const [value, datatype, language] = literal_parts(text);
  return literal(value, language || (datatype ? namedNode(datatype) : undefined));
}

/** A term as N-Triples write it. */
export function token(term: Term): string {
  return term.toString();
}

