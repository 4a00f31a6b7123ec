// The triple patterns of a query, and which of them every solution needs; what cannot be read is passed over.
import { TYPE } from "./names";
import { closing, namespaces, pattern_opening, short_literal, string_token, token_iri, type Token, word } from "./query-tokens";

const MOST_DEPTH = 50;

/** A variable, a term (as N-Triples write it), or something without a name. */
export interface Node {
  variable: string;
  term: string;
  start: number;
}

/** A property, and whether the end in question is its object's. */
type End = [string, boolean];

/** One step over a statement: by one of these properties or, negated, by any other. */
export interface Link {
  terms: string[];
  forward: boolean;
  negated: boolean;
}

/** A link, or parts with what joins them: `|` and `/`, or `?`, `*` and `+` behind a single part. */
export type Expression = { link: Link } | { operator: string; parts: Expression[] };

interface Path {
  expression?: Expression; //: of more than a property
  start: number;
  end: number;
  needed: Node[][]; //: of each of these sets of properties one must be used
  first: End[];
  last: End[];
  variable: string;
}

export interface Group {
  patterns: { subject: Node; path: Path; object: Node }[];
  equal: [string, Node][];
  texts: [string, string][];
  compared: [string, Node][]; //: variables that are to be less or more than these
  graphs: Node[];
  unions: Group[][];
  others: Group[];
  loose: [string, string][]; //: variables whose texts are compared with their case aside
  given?: boolean; //: whether it is the only row of a VALUES clause, as parameters are
  graph?: Node; //: of its own patterns and those within
  denied?: boolean; //: whether what matches it is left out: MINUS, NOT EXISTS
}

const COMPARES = ["=", "<", ">", "<=", ">="];
const node = (variable = "", term = "", start = -1): Node => ({ variable, term, start });
const group_of = (): Group => ({ patterns: [], equal: [], texts: [], compared: [], graphs: [], unions: [], others: [], loose: [] });
const path_of = (needed: Node[][] = [], first: End[] = [], last: End[] = [], variable = "", expression?: Expression): Path => ({
  needed, first, last, variable, start: -1, end: -1, ...(expression ? { expression } : {}),
});
const turned = (ends: End[]): End[] => ends.map(([term, forward]) => [term, !forward]);

/** The same path from the other end. */
export function inverse(path: Expression): Expression {
  if ("link" in path) return { link: { ...path.link, forward: !path.link.forward } };
  const parts = path.parts.map(inverse);
  return { operator: path.operator, parts: path.operator === "/" ? parts.reverse() : parts };
}

/** Whether this is a single property or a variable, from subject to object. */
export const is_property = ({ variable, expression }: Path): boolean =>
  variable !== "" || (expression !== undefined && "link" in expression && expression.link.forward && !expression.link.negated);

/** The outermost group of a query. */
export function patterns_of(query: Token[], prefixes: Record<string, string>): Group {
  const opening = pattern_opening(query);
  const end = opening < 0 ? -1 : closing(query, opening);
  if (end < 0) return group_of();
  const { declared, base } = namespaces(query, prefixes);
  return new Reader(query.slice(0, end + 1), declared, base).group(opening + 1);
}

/** A group and all within it. */
export function groups(group: Group): Group[] {
  return [group, ...[...group.unions.flat(), ...group.others].flatMap(groups)];
}

/** Where a variable stands in a query: properties, and whether it is their object. */
export function ends_of(root: Group, variable: string): End[] {
  const all = groups(root);
  const known = new Set([variable]);
  const listed = new Map<string, string[]>();
  for (const group of all) {
    for (const [one, other] of [...group.texts, ...group.loose]) {
      if (one === variable) known.add(other);
      else if (other === variable) known.add(one);
    }
    for (const [name, { term }] of group.equal) listed.set(name, [...(listed.get(name) ?? []), term]);
  }
  const ends = new Map<string, End>();
  const add = (some: End[]): void => some.forEach((end) => ends.set(end.join(" "), end));
  for (const { subject, path, object } of all.flatMap((group) => group.patterns)) {
    const verbs: End[] = (listed.get(path.variable) ?? []).map((term) => [term, true]);
    if (known.has(subject.variable)) add(turned(path.first.length > 0 ? path.first : verbs));
    if (known.has(object.variable)) add(path.last.length > 0 ? path.last : verbs);
  }
  return [...ends.values()];
}

/** Sets of ends, at one of each of which a variable stands in every solution. */
export function needed_ends(group: Group, variable: string): End[][] {
  const found = new Map<string, End[]>();
  const add = (ends: End[]): void => void found.set(ends.map(String).join(" "), ends);
  for (const { subject, path, object } of group.patterns) {
    if (path.needed.length === 0) continue; // such as a path of no steps
    if (subject.variable === variable && path.first.length > 0) add(turned(path.first));
    if (object.variable === variable && path.last.length > 0) add(path.last);
  }
  for (const sides of group.unions) {
    const each = sides.map((side) => needed_ends(side, variable));
    if (each.length === 1) each[0]!.forEach(add);
    else if (each.every((ends) => ends.length > 0)) add([...new Map(each.flatMap((ends) => ends[0]!).map((end) => [String(end), end])).values()]);
  }
  return [...found.values()];
}

class Reader {
  private at = 0;
  private depth = 0;

  constructor(private readonly query: Token[], private readonly prefixes: Record<string, string>, private readonly base: string) {}

  group(start: number): Group {
    this.at = start;
    const group = group_of();
    this.depth += 1;
    if (this.depth > MOST_DEPTH) this.skip_to("}");
    for (let token = this.token; token && token.text !== "}"; token = this.token) {
      const before = this.at;
      this.element(group, token);
      if (this.at === before) this.at += 1;
    }
    this.at += 1;
    this.depth -= 1;
    return group;
  }

  private get token(): Token | undefined {
    return this.query[this.at];
  }

  private is(text: string): boolean {
    return this.token?.kind === "operator" && this.token.text === text;
  }

  private behind_bracket(): number {
    const end = closing(this.query, this.at);
    return end < 0 ? this.query.length : end;
  }

  private skip_to(text: string): void {
    while (this.token && !this.is(text)) {
      this.at = this.token.kind === "operator" && "{([".includes(this.token.text) ? this.behind_bracket() + 1 : this.at + 1;
    }
  }

  private pass(): void {
    if (this.is("(") || this.is("{") || this.is("[")) this.at = this.behind_bracket() + 1;
  }

  private passed(): void {
    while (this.token && !this.is("(") && !this.is("{")) this.at += 1;
    this.pass();
  }

  private element(group: Group, token: Token): void {
    switch (word(token)) {
      case "OPTIONAL":
      case "MINUS":
        this.at += 1;
        this.inner((one) => group.others.push(word(token) === "MINUS" ? { ...one, denied: true } : one));
        return;
      case "FILTER":
        this.at += 1;
        this.filter(group);
        return;
      case "GRAPH": {
        this.at += 1;
        const graph = this.node(group);
        if (graph?.term) group.graphs.push(graph);
        this.inner((one) => group.unions.push([graph ? { ...one, graph } : one]));
        return;
      }
      case "VALUES":
        this.at += 1;
        this.values(group);
        return;
      case "BIND":
      case "SERVICE":
        this.at += 1;
        this.passed();
        return;
      case "SELECT":
        this.at += 1;
        while (this.token && !this.is("{") && !this.is("}")) {
          if (this.is("(")) this.pass();
          else this.at += 1;
        }
        this.inner((one) => group.unions.push([one]));
        this.skip_to("}");
        return;
    }
    if (this.is("{")) {
      const sides = [this.group(this.at + 1)];
      while (word(this.token) === "UNION") {
        this.at += 1;
        this.inner((one) => sides.push(one));
      }
      group.unions.push(sides);
    } else if (!this.is(".")) {
      const subject = this.node(group);
      if (subject) this.properties(group, subject);
    }
  }

  private inner(add: (group: Group) => void): void {
    if (this.is("{")) add(this.group(this.at + 1));
  }

  private filter(group: Group): void {
    if (word(this.token) === "EXISTS") {
      this.at += 1;
      this.inner((one) => group.unions.push([one]));
    } else if (word(this.token) === "NOT") {
      this.at += 2;
      this.inner((one) => group.others.push({ ...one, denied: true }));
    } else if (this.is("(")) {
      const end = this.behind_bracket();
      const conditions = group_of();
      let all = true;
      while (all && this.at < end) {
        this.at += 1;
        all = this.condition(conditions, end);
      }
      if (all) { // each of them must hold
        group.equal.push(...conditions.equal);
        group.texts.push(...conditions.texts);
        group.compared.push(...conditions.compared);
      }
      group.loose.push(...conditions.loose);
      this.at = end + 1;
    } else this.passed();
  }

  /** Read one of the conditions that && joins; whether nothing else joins them. */
  private condition(group: Group, end: number): boolean {
    const folds = this.folds();
    const left = this.operand(group);
    const sign = this.token?.kind === "operator" ? this.token.text : "";
    if (left && COMPARES.includes(sign)) {
      this.at += 1;
      const right = this.operand(group);
      if (left.node.variable && right?.node.variable && folds && sign === "=") group.loose.push([left.node.variable, right.node.variable]);
      else if (right && !folds && (this.at === end || this.is("&&"))) {
        for (const [one, other] of [[left, right], [right, left]] as const) {
          if (!one.node.variable) continue;
          if (sign === "=" && other.node.term) group.equal.push([one.node.variable, other.node]);
          else if (sign === "=" && other.node.variable) group.texts.push([one.node.variable, other.node.variable]);
          else if (sign !== "=" && !one.text && !other.text) group.compared.push([one.node.variable, other.node]);
        }
      }
    }
    while (this.at < end && !this.is("&&")) {
      if (this.is("||")) return false;
      if (this.is("(") || this.is("{")) this.pass();
      else this.at += 1;
    }
    return true;
  }

  /** A variable or a term, or the text of one, and whether it is the text. */
  private operand(group: Group): { node: Node; text: boolean } | undefined {
    if (word(this.token) !== "STR" && !this.folds()) {
      const found = this.node(group);
      return found && { node: found, text: false };
    }
    this.at += 2;
    const found = this.operand(group);
    if (this.is(")")) this.at += 1;
    return found && { node: found.node, text: true };
  }

  /** Whether a text is taken with its case aside. */
  private folds(): boolean {
    return word(this.token) === "LCASE" || word(this.token) === "UCASE";
  }

  private values(group: Group): void {
    const names: string[] = [];
    const single = !this.is("(");
    for (; this.token && !this.is("{"); this.at += 1) if (this.token.kind === "variable") names.push(this.token.text.slice(1));
    if (!this.token) return;
    const end = this.behind_bracket();
    this.at += 1;
    const rows: Node[][] = [];
    const next = (): Node => {
      const before = this.at;
      const found = this.node(group) ?? node();
      if (this.at === before) this.at += 1;
      return found;
    };
    while (this.at < end) {
      if (this.is("(") && !single) {
        this.at += 1;
        const row: Node[] = [];
        while (this.at < end && !this.is(")")) row.push(next());
        this.at += 1;
        rows.push(row);
      } else rows.push([next()]);
    }
    if (rows.length > 0) {
      group.unions.push(rows.slice(0, 1000).map((row) => ({
        ...group_of(),
        ...(rows.length === 1 ? { given: true } : {}),
        equal: names.flatMap((name, number) => (row[number]?.term ? [[name, row[number]!] as [string, Node]] : [])),
      })));
    }
    this.at = end + 1;
  }

  private properties(group: Group, subject: Node): void {
    while (this.token) {
      const path = this.path();
      if (!path) return;
      for (let object = this.node(group); object; object = this.node(group)) {
        group.patterns.push({ subject, path, object });
        if (!this.is(",")) break;
        this.at += 1;
      }
      while (this.is(";")) this.at += 1;
      if (!this.token || this.is(".") || this.is("}") || this.is("]")) return;
    }
  }

  private node(group: Group): Node | undefined {
    const token = this.token;
    if (!token) return undefined;
    this.at += 1;
    if (token.kind === "variable") return node(token.text.slice(1), "", token.start);
    if (token.kind === "iri" || token.kind === "name") return node("", `<${token_iri(token, this.prefixes, this.base)}>`, token.start);
    if (token.kind === "string") {
      const behind = this.query.slice(this.at, this.at + 2);
      this.at += behind[0]?.kind === "tag" ? 1 : behind[0]?.text === "^^" ? 2 : 0;
      return node("", string_token(token, behind, this.prefixes, this.base), token.start);
    }
    const short = short_literal(token);
    if (short) return node("", short, token.start);
    if (token.kind === "blank") return node();
    if (token.text === "[") {
      const inner = node();
      this.properties(group, inner);
      this.skip_to("]");
      this.at += 1;
      return inner;
    }
    this.at -= 1;
    if (token.text === "(") {
      this.pass();
      return node();
    }
    return undefined;
  }

  private path(): Path | undefined {
    const start = this.token?.start ?? -1;
    let path: Path | undefined;
    if (this.token?.kind === "variable") {
      this.at += 1;
      path = path_of([], [], [], this.query[this.at - 1]!.text.slice(1));
    } else path = this.alternatives();
    const last = this.query[this.at - 1];
    return path && { ...path, start, end: last ? last.start + last.text.length : -1 };
  }

  private alternatives(): Path | undefined {
    const read = this.several("|", () => this.sequence());
    if (!read || read.length === 1) return read?.[0];
    const needed = read.every((path) => path.needed.length > 0) ? [read.flatMap((path) => path.needed.flat())] : [];
    return path_of(needed, read.flatMap((path) => path.first), read.flatMap((path) => path.last), "", joined("|", read));
  }

  private sequence(): Path | undefined {
    const read = this.several("/", () => this.step());
    if (!read || read.length === 1) return read?.[0];
    return path_of(read.flatMap((path) => path.needed), read[0]!.first, read[read.length - 1]!.last, "", joined("/", read));
  }

  private several(between: string, read: () => Path | undefined): Path[] | undefined {
    const paths = [read()];
    while (this.is(between)) {
      this.at += 1;
      paths.push(read());
    }
    return paths.every((path) => path !== undefined) ? (paths as Path[]) : undefined;
  }

  private step(): Path | undefined {
    const back = this.is("^");
    if (back) this.at += 1;
    let path: Path | undefined;
    const property = this.property();
    if (property) {
      const ends: End[] = [[property.term, true]];
      path = path_of([[property]], ends, ends, "", { link: { terms: [property.term], forward: true, negated: false } });
    } else if (this.is("!")) {
      this.at += 1;
      path = this.negated();
    } else if (this.is("(")) {
      this.at += 1;
      path = this.alternatives();
      if (!this.is(")")) return undefined;
      this.at += 1;
    }
    if (path && back) path = path_of(path.needed, turned(path.last), turned(path.first), "", inverse(path.expression!));
    for (const mark of ["?", "*", "+"]) {
      if (!path || !this.is(mark)) continue;
      this.at += 1;
      return path_of(mark === "+" ? path.needed : [], path.first, path.last, "", joined(mark, [path]));
    }
    return path;
  }

  private property(): Node | undefined {
    const token = this.token;
    if (!token || !(token.kind === "iri" || token.kind === "name" || token.text === "a")) return undefined;
    this.at += 1;
    return node("", token.text === "a" ? `<${TYPE}>` : `<${token_iri(token, this.prefixes, this.base)}>`, token.start);
  }

  /** What stands behind an exclamation mark: a property, an inverse one, or several in brackets. */
  private negated(): Path | undefined {
    const several = this.is("(");
    if (several) this.at += 1;
    const sides: [string[], string[]] = [[], []];
    do {
      if (several && this.is(")")) break;
      const back = this.is("^");
      if (back) this.at += 1;
      const property = this.property();
      if (!property) return undefined;
      sides[back ? 1 : 0].push(property.term);
      if (several && this.is("|")) this.at += 1;
    } while (several);
    if (several) this.at += 1;
    const links = sides
      .map((terms, number): Expression => ({ link: { terms, forward: number === 0, negated: true } }))
      .filter((_, number) => sides[number]!.length > 0 || (number === 0 && sides[1].length === 0));
    return path_of([], [], [], "", links.length === 1 ? links[0]! : { operator: "|", parts: links });
  }
}

const joined = (operator: string, paths: Path[]): Expression => ({ operator, parts: paths.map((path) => path.expression!) });
