// Paths of alternatives as unions: of what two of them lead to alike, the engine would drop one row (SPARQL 1.1, 18.4).
import type { Store } from "oxigraph/web.js";
import { closing, pattern_opening, tokens, word, type Token } from "./query-tokens";

const MOST_PATHS = 16; //: that a path is expanded to, as `isoc_kg/query/paths.py` has it
const BEFORE = ["OPTIONAL", "MINUS", "GRAPH", "BIND", "VALUES"]; //: what ends a block of triples

interface Span {
  start: number;
  end: number;
}

type Options = Parameters<Store["query"]>[1];

/** What the engine answers to a query; its complaints are of the text as it was written. */
export function answered(store: Store, query: string, options: Options): ReturnType<Store["query"]> {
  const text = with_unions(query);
  if (text !== query) {
    try {
      return store.query(text, options);
    } catch {
      // the text itself has what is wrong
    }
  }
  return store.query(query, options);
}

/** A query that the engine answers with every row; what cannot be read stays as it is. */
function with_unions(text: string): string {
  const query = tokens(text);
  const opening = pattern_opening(query);
  if (opening < 0 || !query.some(({ kind, text: sign }) => kind === "operator" && (sign === "|" || sign === "!"))) return text;
  try {
    return new Rewriter(text, query).rewritten(opening);
  } catch (error) {
    if (error instanceof NotRead || error instanceof RangeError) return text;
    throw error;
  }
}

class NotRead extends Error {}

class Rewriter {
  private at = 0;
  private readonly edits: [Span, string][] = [];
  private pending: string[] = []; //: groups in place of patterns that were taken out of a block of triples

  constructor(private readonly text: string, private readonly query: Token[]) {}

  rewritten(opening: number): string {
    this.at = opening;
    this.group();
    let result = "";
    let done = 0;
    for (const [{ start, end }, put] of this.edits) {
      result += this.text.slice(done, start) + put;
      done = end;
    }
    return result + this.text.slice(done);
  }

  private get token(): Token {
    const token = this.query[this.at];
    if (!token) throw new NotRead();
    return token;
  }

  /** Where the last token that was read ends. */
  private get end(): number {
    const last = this.query[this.at - 1]!;
    return last.start + last.text.length;
  }

  private is(...signs: string[]): boolean {
    const token = this.query[this.at];
    return token?.kind === "operator" && signs.includes(token.text);
  }

  private take(sign: string): void {
    if (!this.is(sign)) throw new NotRead();
    this.at += 1;
  }

  /** Pass over brackets with all in them, and what stands before them. */
  private pass(...signs: string[]): void {
    while (!this.is(...signs)) {
      void this.token;
      this.at += 1;
    }
    const end = closing(this.query, this.at);
    if (end < 0) throw new NotRead();
    this.at = end + 1;
  }

  private flush(position: number): void {
    if (this.pending.length > 0) this.edits.push([{ start: position, end: position }, ` ${this.pending.join(" ")} `]);
    this.pending = [];
  }

  private group(): void {
    this.take("{");
    if (word(this.token) === "SELECT") {
      while (!this.is("{")) this.is("(") ? this.pass("(") : void (this.token, (this.at += 1));
      this.group();
      while (!this.is("}")) this.is("(", "{") ? this.pass("(", "{") : void (this.token, (this.at += 1));
    }
    while (!this.is("}")) this.element();
    this.flush(this.token.start);
    this.take("}");
  }

  private element(): void {
    const keyword = word(this.token);
    if (this.is("{") || BEFORE.includes(keyword)) this.flush(this.token.start);
    if (this.is(".")) this.at += 1;
    else if (this.is("{")) {
      this.group();
      while (word(this.token) === "UNION") {
        this.at += 1;
        this.group();
      }
    } else if (keyword === "FILTER") {
      this.at += 1;
      // how often something exists does not matter
      this.pass(["NOT", "EXISTS"].includes(word(this.token)) ? "{" : "(");
    } else if (keyword === "BIND") this.pass("(");
    else if (keyword === "VALUES" || keyword === "MINUS") this.pass("{");
    else if (keyword === "OPTIONAL") {
      this.at += 1;
      this.group();
    } else if (keyword === "GRAPH") {
      this.at += 2;
      this.group();
    } else this.triples();
  }

  private triples(): void {
    const start = this.token.start;
    const bare = this.is("[", "(");
    const subject = this.node();
    if (bare && !this.at_verb()) return;
    if (!this.properties(subject)) return;
    const { end } = this;
    if (this.is(".")) this.at += 1;
    // nothing of the pattern is left
    while (this.edits.length > 0 && this.edits[this.edits.length - 1]![0].start >= start) this.edits.pop();
    this.edits.push([{ start, end: Math.max(end, this.end) }, " "]);
  }

  /** Reads properties and objects of a subject; whether all of them are taken out. */
  private properties(subject: string): boolean {
    let left = false;
    for (;;) {
      const { start } = this.token;
      const paths = this.path();
      const objects = [this.node()];
      while (this.is(",")) {
        this.at += 1;
        objects.push(this.node());
      }
      while (this.is(";")) this.at += 1;
      // a blank node is one of its block of triples alone
      if (paths.length > 1 && subject && objects.every((object) => object)) {
        this.edits.push([{ start, end: this.end }, " "]);
        for (const object of objects) this.pending.push(paths.map((path) => `{ ${subject} ${path} ${object} }`).join(" UNION "));
      } else left = true;
      if (!this.at_verb()) return !left;
    }
  }

  private at_verb(): boolean {
    const token = this.query[this.at];
    return !!token && (["variable", "iri", "name"].includes(token.kind) || token.text === "a" || this.is("^", "!", "("));
  }

  /** The text of a variable or a term; empty for what has no name. */
  private node(): string {
    const { kind, start } = this.token;
    if (this.is("[", "(")) {
      this.pass("[", "(");
      return "";
    }
    if (kind === "operator" || kind === "tag") throw new NotRead();
    this.at += 1;
    if (kind === "blank") return "";
    if (kind === "string") {
      if (this.query[this.at]?.kind === "tag") this.at += 1;
      else if (this.is("^^")) this.at += 2;
    }
    return this.text.slice(start, this.end);
  }

  /** The paths, none of them of alternatives, whose union a path is. */
  private path(): string[] {
    if (this.token.kind === "variable") return [this.node()];
    const { start } = this.token;
    const found = this.sequence();
    while (this.is("|")) {
      this.at += 1;
      found.push(...this.sequence());
    }
    return this.bounded(found, start);
  }

  private sequence(): string[] {
    const { start } = this.token;
    let found = this.step();
    while (this.is("/")) {
      this.at += 1;
      const next = this.step();
      found = this.bounded(found.flatMap((first) => next.map((second) => `${first}/${second}`)), start);
    }
    return found;
  }

  private bounded(paths: string[], start: number): string[] {
    return paths.length <= MOST_PATHS ? paths : [`(${this.text.slice(start, this.end)})`];
  }

  private step(): string[] {
    const { start } = this.token;
    if (this.is("^")) {
      this.at += 1;
      return this.step().map((path) => `^(${path})`);
    }
    const found = this.primary();
    if (!this.is("*", "?", "+")) return found;
    this.at += 1;
    return [`(${this.text.slice(start, this.end)})`]; // has no row twice in any case
  }

  private primary(): string[] {
    if (this.is("(")) {
      this.at += 1;
      const found = this.path();
      this.take(")");
      return found.map((path) => `(${path})`);
    }
    if (this.is("!")) {
      this.at += 1;
      return this.negated();
    }
    return [this.property()];
  }

  private property(): string {
    const { kind, text } = this.token;
    if (!["iri", "name"].includes(kind) && text !== "a") throw new NotRead();
    this.at += 1;
    return text;
  }

  /** A negated property set; one of properties and inverse ones is two paths. */
  private negated(): string[] {
    if (!this.is("(")) return [`!${this.is("^") ? (this.take("^"), "^") : ""}${this.property()}`];
    const { start } = this.token;
    this.at += 1;
    const sides: [string[], string[]] = [[], []];
    while (!this.is(")")) {
      const back = this.is("^");
      if (back) this.at += 1;
      sides[back ? 1 : 0].push(this.property());
      if (this.is("|")) this.at += 1;
    }
    this.at += 1;
    if (sides.some((side) => side.length === 0)) return [`!${this.text.slice(start, this.end)}`];
    return [`!(${sides[0].join("|")})`, `^(!(${sides[1].join("|")}))`];
  }
}
