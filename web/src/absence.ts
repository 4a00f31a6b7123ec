// Why a query has no rows: names and values that it needs and that no statement has, as the command line says it.
import { Literal, type Store, type Term } from "oxigraph/web.js";
import { close_matches } from "./closeness";
import { OBJECT, PROPERTY_KINDS, TYPE } from "./names";
import { ends_of, groups, needed_ends, patterns_of, type Group, type Node } from "./patterns";
import type { Note, Said } from "./protocol";
import { either, meant, said } from "./said";
import { short } from "./short";
import { literal_parts, literal_token, tokens } from "./query-tokens";

const MOST_NAMES = 60;
const MOST_HINTS = 4;
const LONGEST = 200;
const MOST_READ = 200_000;
const MOST_LIKE = 20_000;
const ALIKE = 0.7;
const ALIKE_ELSEWHERE = 0.75;
const XSD = "http://www.w3.org/2001/XMLSchema#";
const NUMBERS = /^(?:integer|decimal|double|float|(?:non)?(?:positive|negative)Integer|(?:unsigned)?(?:long|int|short|byte))$/i;

interface Need {
  role: "property" | "class" | "thing" | "graph" | "text" | "value" | "place" | "order"; //: place: a thing where a parameter stands; order: a value compared
  term: string;
  ends: [string, boolean][];
  by_text: "" | "same" | "loose";
  places: [string, boolean][][]; //: of a thing, where it must stand: at one end of each
  given: string; //: what the query calls what was given
  start: number;
}

const USES = {
  property: (term: string) => `{ ?s ${term} ?o }`,
  class: (term: string) => `{ ?s a ${term} }`,
  thing: (term: string) => `{ ${term} ?p ?o } UNION { ?s ?p ${term} } UNION { ?s ${term} ?o }`,
  graph: (term: string) => `{ GRAPH ${term} { ?s ?p ?o } }`,
  text: (term: string) => `{ ?s ?p ${term} }`, // a text that may be a value of any property
};
const ended = (ends: [string, boolean][]): string => ends.map(([term, forward]) => (forward ? `{ ?s ${term} ?o }` : `{ ?o ${term} ?s }`)).join(" UNION ");
const id = (need: Need): string => `${need.role} ${need.term} ${need.ends.join(" ")} ${need.places.join(" ")} ${need.by_text} ${need.given}`;
const MOST_SUCH = 3; //: values that there are
const word_of = (variable: string): string => cut(variable.replaceAll("_", " "));

export class Absences {
  private readonly parameters = new Set<string>(); //: that the query declares: a VALUES clause of its own is none

  constructor(private readonly store: Store, private readonly prefixes: Record<string, string>) {}

  /** What keeps a query without rows from having any. */
  of(text: string): Note[] {
    const root = patterns_of(tokens(text), this.prefixes);
    this.parameters.clear();
    for (const [, name] of text.matchAll(/^\s*#\s*param\s+(\w+)/gm)) this.parameters.add(name!);
    const needs = new Map(this.all(root, root).map((need) => [id(need), need]));
    const asked = [...needs.keys()].slice(0, MOST_NAMES);
    const absent = new Set(asked.filter((key) => !this.store.query(`ASK { ${this.use(needs.get(key)!)} }`, { use_default_graph_as_union: true })));
    const found = new Map<string, Note>();
    for (const need of this.missing(root, root, absent)) {
      const told = found.size < MOST_HINTS ? this.told(need) : [];
      const key = JSON.stringify(told);
      if (told.length > 0 && !found.has(key)) found.set(key, { said: told, start: need.start });
    }
    return [...found.values()];
  }

  private all(root: Group, group: Group): Need[] {
    return [...own(root, group, this.parameters).flat(), ...group.unions.flat().flatMap((side) => this.all(root, side))];
  }

  private missing(root: Group, group: Group, absent: Set<string>): Need[] {
    const found = own(root, group, this.parameters).filter((some) => some.length > 0 && some.every((need) => absent.has(id(need)))).flat()
      // what nothing names stands nowhere, which need not be told as well
      .filter((need) => need.role !== "place" || !absent.has(id({ ...need, role: "thing", places: [], given: "" })));
    for (const sides of group.unions) {
      const dead = sides.map((side) => this.missing(root, side, absent));
      if (dead.every((side) => side.length > 0)) found.push(...dead.flat());
    }
    return found;
  }

  private use(need: Need): string {
    if (need.role === "place") return places(need.places, need.term);
    // an error, which is neither, where the two have no order
    if (need.role === "order") return `${ended(need.ends)} FILTER(?o < ${need.term} || ?o >= ${need.term})`;
    if (need.role !== "value") return USES[need.role](need.term);
    const same = {
      "": `?o = ${need.term} || SAMETERM(?o, ${need.term})`,
      same: `STR(?o) = STR(${need.term})`,
      loose: `CONTAINS(LCASE(STR(?o)), LCASE(STR(${need.term})))`,
    };
    return `${ended(need.ends)} FILTER(${same[need.by_text]})`;
  }

  private rows(query: string, variable: string): Term[] {
    return (this.store.query(query, { use_default_graph_as_union: true }) as Map<string, Term>[]).flatMap((row) => row.get(variable) ?? []);
  }

  private told(need: Need): Said[] {
    if (need.role === "value") return this.value_told(need);
    if (need.role === "order") return this.order_told(need);
    if (need.role === "text") {
      const elsewhere = this.elsewhere(need, literal_parts(need.term)[0]);
      return elsewhere ? [said("hint_text", { value: this.shown(need.term) }), elsewhere] : [];
    }
    const name = need.term.slice(1, -1);
    if (need.role === "place") {
      const query = `SELECT DISTINCT ?x { { SELECT ?x { ${places(need.places, "?x")} } LIMIT ${MOST_READ} } FILTER(isIRI(?x)) } LIMIT ${MOST_LIKE}`;
      const others = this.rows(query, "x").map((term) => cut(short(term.value, this.prefixes))).sort();
      return [such_as("hint_place", others, { name: cut(short(name, this.prefixes)), kind: word_of(need.given) })];
    }
    const near = alike(name, this.names(need.role)).map((like) => cut(short(like, this.prefixes)));
    return [said(`hint_${need.role}`, { name: cut(short(name, this.prefixes)) }), ...meant(near)];
  }

  private names(role: Need["role"]): string[] {
    const parts = { property: ["?s ?x ?o"], class: ["?s a ?x"], graph: ["GRAPH ?x { ?s ?p ?o }"], thing: ["?x ?p ?o", "?s ?p ?x FILTER(isIRI(?x))"], text: [], value: [], place: [], order: [] }[role];
    const texts = parts.map((part) => `SELECT DISTINCT ?x { { SELECT ?x { ${part} } LIMIT ${MOST_READ} } } LIMIT ${MOST_LIKE}`);
    if (role === "property") texts.push(`SELECT DISTINCT ?x { VALUES ?k { ${PROPERTY_KINDS.map((kind) => `<${kind}>`).join(" ")} } ?x a ?k FILTER EXISTS { ?s ?x ?o } } LIMIT 99`);
    const found = new Set(texts.flatMap((text) => this.rows(text, "x").map(String)));
    return [...found].filter((term) => term.startsWith("<")).map((term) => term.slice(1, -1)).sort();
  }

  /** The literals at ends, in the order of their texts. */
  private literals(need: Need): Literal[] {
    const query = `SELECT DISTINCT ?o { { SELECT ?o { ${ended(need.ends)} } LIMIT ${MOST_READ} } FILTER(isLiteral(?o)) } LIMIT ${MOST_LIKE}`;
    return this.rows(query, "o").filter((one) => one instanceof Literal).sort((one, other) => (String(one) < String(other) ? -1 : 1));
  }

  private where(need: Need): string | Said {
    return either([...new Set(need.ends.slice(0, 3).map(([term]) => short(term.slice(1, -1), this.prefixes)))]);
  }

  /** That a value cannot be compared with those that there are, and how to write it as one of them. */
  private order_told(need: Need): Said[] {
    const [form] = literal_parts(need.term);
    const first = this.literals(need)[0];
    if (!first) return [];
    const [, datatype, language] = literal_parts(String(first));
    const written = this.shown(literal_token(form, "", language ? "" : datatype));
    const value = this.shown(need.term);
    const other = this.shown(String(first));
    return [said("hint_order", { property: this.where(need), value, other }), ...meant(language || written === value ? [] : [written])];
  }

  private value_told(need: Need): Said[] {
    const [form, datatype, language] = literal_parts(need.term);
    const texts = new Map<string, string[]>();
    for (const term of this.literals(need)) {
      const key = term.value.toLowerCase();
      texts.set(key, [...(texts.get(key) ?? []), String(term)]);
    }
    const plain = !language && !datatype;
    let same = texts.get(form.toLowerCase());
    const property = this.where(need);
    const none = said("hint_value", { property, value: this.shown(need.term) });
    const elsewhere = !same && (plain || language) ? this.elsewhere(need, form) : undefined;
    if (elsewhere) return [none, elsewhere];
    if (!same && (plain || language) && !NUMBERS.test(datatype.replace(XSD, ""))) {
      same = close_matches(form.toLowerCase(), [...texts.keys()], 2, 0.8).flatMap((near) => texts.get(near)!.slice(0, 1));
    }
    const alike = [...texts.values()].flat().filter((term) => {
      const [, type, tag] = literal_parts(term);
      return need.by_text !== "" || (type === datatype && tag.toLowerCase() === language.toLowerCase());
    });
    if (!same?.length && need.given && alike.length > 0) {
      const such = [...new Set(alike.map((term) => literal_parts(term)[0]))].sort(by_number);
      return [such_as("hint_given", such.map((one) => one.slice(0, 100)), { kind: word_of(need.given), value: form.slice(0, 100) })];
    }
    if (!same?.length && !plain) return [];
    const [, typed] = (same ?? []).map(literal_parts).find(([text, , tag]) => !tag && text === form) ?? [];
    const what = plain && typed ? said("hint_typed", { property, value: this.shown(need.term), type: short(typed, this.prefixes) }) : none;
    return [what, ...meant((same ?? []).slice(0, 2).map((term) => this.shown(term)))];
  }

  /** Where else a text is a value, with the language that it has there. */
  private elsewhere(need: Need, form: string): Said | undefined {
    const own = [...new Set([...need.ends.map(([term]) => term), `<${OBJECT}>`])].join(", ");
    const query = `SELECT DISTINCT ?p ?o { { SELECT ?p ?o { ?s ?p ?o FILTER(isLiteral(?o)) } LIMIT ${MOST_READ} } FILTER(STR(?o) = ${literal_token(form)} && ?p NOT IN (${own})) } LIMIT ${MOST_LIKE}`;
    const rows = this.store.query(query, { use_default_graph_as_union: true }) as Map<string, Term>[];
    const found = rows.map((row) => [String(row.get("o")), String(row.get("p"))] as const).sort((one, other) => (one.join("\n") < other.join("\n") ? -1 : 1));
    const first = found[0]?.[0];
    if (first === undefined) return undefined;
    const properties = found.filter(([term]) => term === first).slice(0, 2).map(([, property]) => short(property.slice(1, -1), this.prefixes));
    return said("hint_elsewhere", { value: this.shown(first), property: either(properties) });
  }

  private shown(term: string): string {
    const [form, datatype] = literal_parts(term);
    const written = form.length <= 100 ? term : literal_token(`${form.slice(0, 100)}…`);
    return datatype && written === term ? `${term.slice(0, -datatype.length - 4)}^^${short(datatype, this.prefixes)}` : written;
  }
}

function such_as(key: string, values: string[], filled: Record<string, string>): Said {
  return values.length > 0 ? said(`${key}_such`, { ...filled, values: values.slice(0, MOST_SUCH).join(", ") }) : said(key, filled);
}

function by_number(one: string, other: string): number {
  const [left, right] = [one, other].map((text) => (Number.isNaN(Number.parseFloat(text)) ? Infinity : Number(text))) as [number, number];
  return left !== right ? (left < right ? -1 : 1) : one < other ? -1 : 1;
}

/** A pattern that matches where a term, or a variable, stands at one end of each. */
function places(all: [string, boolean][][], term: string): string {
  const [first, ...others] = all.map((ends, number) =>
    ends.map(([name, forward]) => (forward ? `{ ?s${number} ${name} ${term} }` : `{ ${term} ${name} ?o${number} }`)).join(" UNION "),
  );
  return first + others.map((other) => ` FILTER EXISTS { ${other} }`).join("");
}

const cut = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

function own(root: Group, group: Group, parameters: Set<string>): Need[][] {
  const found: Need[][] = [];
  const add = (role: Need["role"], term: string, start: number, more: Partial<Need> = {}): void => {
    found.push([{ role, term, ends: [], by_text: "", places: [], given: "", start, ...more }]);
  };
  for (const { subject, path, object } of group.patterns) {
    for (const some of path.needed) found.push(some.map(({ term, start }) => ({ role: "property", term, ends: [], by_text: "", places: [], given: "", start })));
    if (subject.term) add("thing", subject.term, subject.start);
    if (object.term.startsWith("<")) {
      const typed = path.last.length === 1 && path.last[0]![0] === `<${TYPE}>` && path.last[0]![1];
      add(typed ? "class" : "thing", object.term, object.start);
    } else if (object.term && path.last.length > 0) add("value", object.term, object.start, { ends: path.last });
    else if (path.variable && is_plain(object.term)) add("text", object.term, object.start);
  }
  for (const [variable, { term, start }] of group.equal) {
    const ends = ends_of(root, variable);
    const given = group.given && parameters.has(variable) ? variable : "";
    if (term.startsWith("<")) {
      add(groups(root).some((one) => one.patterns.some(({ path }) => path.variable === variable)) ? "property" : "thing", term, start);
      const at = given ? needed_ends(root, variable) : [];
      if (at.length > 0) add("place", term, start, { places: at, given });
    } else {
      const compared = (pairs: [string, string][]): boolean => pairs.some((pair) => pair.includes(variable));
      const by_text = compared(texts_of(root, "loose")) ? "loose" : compared(texts_of(root, "texts")) ? "same" : "";
      const anywhere = groups(root).some((one) => one.patterns.some(({ path, object }) => path.variable && object.variable === variable));
      if (ends.length > 0) add("value", term, start, { ends, given, by_text });
      else if (anywhere && is_plain(term) && !by_text) add("text", term, start);
    }
  }
  for (const [variable, other] of group.compared) {
    const ends = ends_of(root, variable);
    for (const { term, start } of other.term ? [other] : given_of(root, other.variable)) {
      if (ends.length > 0 && term.startsWith('"')) add("order", term, start, { ends });
    }
  }
  for (const { term, start } of group.graphs) add("graph", term, start);
  return found;
}

/** Whether a token is a text without a language. */
function is_plain(term: string): boolean {
  const [, datatype, language] = term.startsWith('"') ? literal_parts(term) : ["", "none", ""];
  return !datatype && !language;
}

/** The only value of a variable, if it has one. */
function given_of(root: Group, variable: string): Node[] {
  const rows = groups(root).filter((group) => group.given);
  return rows.flatMap((group) => group.equal.flatMap(([name, one]) => (name === variable ? [one] : []))).slice(-1);
}

function texts_of(group: Group, which: "texts" | "loose"): [string, string][] {
  return [...group[which], ...group.unions.flat().flatMap((side) => texts_of(side, which))];
}

function alike(name: string, names: string[]): string[] {
  const local_of = (iri: string): string => iri.split(/[#/]/).pop()!;
  const local = local_of(name);
  const space = name.slice(0, name.length - local.length);
  const near_names = new Map<string, string>();
  const others = new Map<string, string>();
  for (const other of names) {
    const known = other.startsWith(space) && local_of(other) === other.slice(space.length) ? near_names : others;
    const key = local_of(other).toLowerCase();
    if (key && !known.has(key)) known.set(key, other);
  }
  for (const [known, least] of [[near_names, ALIKE], [others, ALIKE_ELSEWHERE]] as const) {
    const near = local ? close_matches(local.toLowerCase(), [...known.keys()], 2, least) : [];
    if (near.length > 0) return (near[0] === local.toLowerCase() ? near.slice(0, 1) : near).map((key) => known.get(key)!);
  }
  return [];
}
