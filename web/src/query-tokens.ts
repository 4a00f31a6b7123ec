// The tokens of a query, and what it names: as the command line reads them, so that browser and server say the same.

/** A token of https://www.w3.org/TR/sparql11-query/#sparqlGrammar, as coarse as is needed. */
export interface Token {
  kind: "iri" | "string" | "variable" | "blank" | "name" | "tag" | "number" | "word" | "operator";
  text: string;
  start: number;
}

const W = "\\p{L}\\p{N}_";
const ESCAPED = "%[0-9A-Fa-f]{2}|\\\\[_~.\\-!$&'()*+,;=/?#@%]";
const LOCAL = `(?:(?:[${W}:]|${ESCAPED})(?:(?:[${W}.:\\-]|${ESCAPED})*(?:[${W}:\\-]|${ESCAPED}))?)?`;
const TOKEN = new RegExp(
  [
    "(?<comment>#[^\\n\\r]*)",
    '(?<iri><(?:[^<>"{}|^`\\\\\\u0000-\\u0020]|\\\\u[0-9A-Fa-f]{4}|\\\\U[0-9A-Fa-f]{8})*>)',
    `(?<string>"""(?:[^"\\\\]|\\\\[\\s\\S]|"(?!""))*"""|'''(?:[^'\\\\]|\\\\[\\s\\S]|'(?!''))*'''|"(?:[^"\\\\\\n\\r]|\\\\.)*"|'(?:[^'\\\\\\n\\r]|\\\\.)*')`,
    `(?<variable>[?$][${W}]+)`,
    `(?<blank>_:[${W}](?:[${W}.\\-]*[${W}\\-])?)`,
    `(?<name>(?:\\p{L}[${W}.\\-]*(?<!\\.))?:${LOCAL})`,
    "(?<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)",
    "(?<number>[+-]?(?:(?:\\d+(?:\\.\\d*)?|\\.\\d+)[eE][+-]?\\d+|\\d*\\.\\d+|\\d+))",
    `(?<word>[A-Za-z_][${W}]*)`,
    "(?<operator>\\|\\||&&|\\^\\^|[!<>]=|[{}()\\[\\].;,*/+\\-|^!?=<>])",
  ].join("|"),
  "gu",
);
const FORMS = ["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"];
const AGGREGATES = ["COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"];
const BRACKETS: Record<string, string> = { "{": "}", "(": ")", "[": "]" };
const XSD = "http://www.w3.org/2001/XMLSchema#";

export function tokens(text: string): Token[] {
  const found: Token[] = [];
  for (const match of text.matchAll(TOKEN)) {
    const kind = Object.entries(match.groups ?? {}).find(([, value]) => value !== undefined)?.[0];
    if (kind && kind !== "comment") found.push({ kind: kind as Token["kind"], text: match[0], start: match.index });
  }
  return found;
}

/** A keyword in capitals; empty for tokens of other kinds. */
export const word = (token: Token | undefined): string => (token?.kind === "word" ? token.text.toUpperCase() : "");

const is_operator = (token: Token | undefined, text: string): boolean => token?.kind === "operator" && token.text === text;

/** How many tokens the prologue has. */
export function prologue_length(query: Token[]): number {
  let position = 0;
  while (["PREFIX", "BASE", "VERSION"].includes(word(query[position]))) {
    position += 1;
    while (position < query.length && !["iri", "string"].includes(query[position - 1]!.kind)) position += 1;
  }
  return position;
}

/** SELECT, ASK, CONSTRUCT or DESCRIBE. */
export function form(query: Token[]): string {
  const first = query.slice(prologue_length(query)).map(word).find((text) => text) ?? "";
  return FORMS.includes(first) ? first : "";
}

/** The prefixes that a query declares itself. */
export function declared_prefixes(query: Token[]): Record<string, string> {
  const found: Record<string, string> = {};
  query.forEach((token, number) => {
    const value = query[number + 2];
    if (word(token) === "PREFIX" && value?.kind === "iri") found[query[number + 1]!.text.split(":")[0]!] = value.text.slice(1, -1);
  });
  return found;
}

/** The query with a declaration for each prefix that it uses and does not declare; on one line, so that lines stay. */
export function with_prefixes(query: string, prefixes: Record<string, string>): string {
  const parts = tokens(query);
  const declared = declared_prefixes(parts);
  const used = new Set(parts.filter((token) => token.kind === "name").map((token) => token.text.split(":")[0]!));
  const missing = [...used].filter((prefix) => !(prefix in declared) && prefix in prefixes).sort();
  return missing.map((prefix) => `PREFIX ${prefix}: <${prefixes[prefix]}> `).join("") + query;
}

/** The number of the token that closes a bracket; -1 where none does. */
export function closing(query: Token[], opening: number): number {
  let depth = 0;
  for (let number = opening; number < query.length; number++) {
    const { kind, text } = query[number]!;
    if (kind === "operator") depth += text in BRACKETS ? 1 : Object.values(BRACKETS).includes(text) ? -1 : 0;
    if (depth === 0) return text === BRACKETS[query[opening]!.text] ? number : -1;
  }
  return -1;
}

function outermost(query: Token[]): [number, Token][] {
  const found: [number, Token][] = [];
  let depth = 0;
  query.forEach((token, number) => {
    if (depth === 0) found.push([number, token]);
    if (token.kind === "operator") depth += token.text in BRACKETS ? 1 : Object.values(BRACKETS).includes(token.text) ? -1 : 0;
  });
  return found;
}

/** The number of the brace that opens the outermost group, no CONSTRUCT query's template; -1 where there is none. */
export function pattern_opening(query: Token[]): number {
  let template = false;
  for (const [number, token] of outermost(query)) {
    if (is_operator(token, "{")) {
      if (!template) return number;
      template = false;
    }
    template = word(token) === "CONSTRUCT" || (template && word(token) !== "WHERE");
  }
  return -1;
}

export const is_ordered = (query: Token[]): boolean => query.some((token) => word(token) === "ORDER");

export const calls_aggregate = (query: Token[]): boolean =>
  query.some((token, number) => AGGREGATES.includes(word(token)) && query[number + 1]?.text === "(");

function absolute(iri: string, base: string): string {
  if (/^[^/?#:]+:/.test(iri)) return iri;
  try {
    return base ? new URL(iri, base).href : iri;
  } catch {
    return iri;
  }
}

/** The absolute IRI of a token of kind `iri` or `name`. */
export function token_iri(token: Token, prefixes: Record<string, string>, base = ""): string {
  if (token.kind === "iri") return absolute(token.text.slice(1, -1), base);
  const colon = token.text.indexOf(":");
  return (prefixes[token.text.slice(0, colon)] ?? "") + token.text.slice(colon + 1).replaceAll("\\", "");
}

const ESCAPES: Record<string, string> = { t: "\t", b: "\b", n: "\n", r: "\r", f: "\f" };

function unescaped(text: string): string {
  return text.replace(/\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([\s\S]))/g, (_, four?: string, eight?: string, one?: string) =>
    one === undefined ? String.fromCodePoint(parseInt(four ?? eight ?? "0", 16)) : (ESCAPES[one] ?? one),
  );
}

/** A literal as N-Triples write it. */
export function literal_token(value: string, language = "", datatype = ""): string {
  const escapes: Record<string, string> = { "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r" };
  const text = `"${value.replace(/[\\"\n\r]/g, (character) => escapes[character]!)}"`;
  if (language) return `${text}@${language}`;
  return datatype && datatype !== `${XSD}string` ? `${text}^^<${datatype}>` : text;
}

/** Text, datatype and language of a literal as N-Triples write it. */
export function literal_parts(term: string): [string, string, string] {
  const match = /^"([\s\S]*)"(?:\^\^<([^>]*)>|@(.*))?$/.exec(term);
  const text = (match?.[1] ?? "").replace(/\\([nr"\\])/g, (_, one: string) => ({ n: "\n", r: "\r" })[one] ?? one);
  return [text, match?.[2] ?? "", match?.[3] ?? ""];
}

/** The literal of a string and the tokens behind it, as N-Triples write it. */
export function string_token(string: Token, behind: Token[], prefixes: Record<string, string>, base = ""): string {
  const quotes = string.text.startsWith('"""') || string.text.startsWith("'''") ? 3 : 1;
  const value = unescaped(string.text.slice(quotes, -quotes));
  if (behind[0]?.kind === "tag") return literal_token(value, behind[0].text.slice(1).toLowerCase());
  if (behind[0]?.text === "^^" && behind[1] && ["iri", "name"].includes(behind[1].kind)) return literal_token(value, "", token_iri(behind[1], prefixes, base));
  return literal_token(value);
}

/** The numbers of the tokens in groups that no solution may match: behind MINUS, NOT EXISTS and `!EXISTS`. */
function absent(query: Token[]): Set<number> {
  const numbers = new Set<number>();
  let negated = false;
  query.slice(0, -1).forEach((token, number) => {
    const opens = is_operator(query[number + 1], "{") && !numbers.has(number + 1);
    if (opens && (word(token) === "MINUS" || (negated && word(token) === "EXISTS"))) {
      const end = closing(query, number + 1);
      for (let inside = number + 1; inside < (end < 0 ? query.length : end); inside++) numbers.add(inside);
    }
    negated = word(token) === "NOT" || is_operator(token, "!") || (negated && is_operator(token, "("));
  });
  return numbers;
}

/** The prefixes and the base by which a query's names are read: those known, and those of its prologue. */
export function namespaces(query: Token[], known: Record<string, string>): { declared: Record<string, string>; base: string } {
  const prologue = query.slice(0, prologue_length(query));
  let base = "";
  prologue.forEach((token, number) => {
    if (word(token) === "BASE") base = absolute(prologue[number + 1]?.text.slice(1, -1) ?? "", base);
  });
  return { declared: { ...known, ...declared_prefixes(prologue) }, base };
}

/** The IRIs and literals that a query names; not what no match may have. Short ones count in patterns alone. */
export function named_terms(query: Token[], known: Record<string, string>): Set<string> {
  const start = prologue_length(query);
  const { declared: prefixes, base } = namespaces(query, known);
  const terms = new Set<string>();
  const without = absent(query);
  let round = 0;
  let curly = 0;
  query.slice(start).forEach((token, number) => {
    round += Number(token.text === "(") - Number(token.text === ")");
    curly += Number(token.text === "{") - Number(token.text === "}");
    if (without.has(start + number)) return;
    const short = curly > 0 && round === 0 ? short_literal(token) : "";
    if (short) terms.add(short);
    if (token.kind === "iri" || token.kind === "name") terms.add(`<${token_iri(token, prefixes, base)}>`);
    else if (token.kind === "string") terms.add(string_token(token, query.slice(start + number + 1, start + number + 3), prefixes, base));
  });
  return terms;
}

/** The literal, as N-Triples write it, that a number, `true` or `false` is short for; empty for other tokens. */
export function short_literal(token: Token): string {
  if (token.kind === "number") {
    const kind = /e/i.test(token.text) ? "double" : token.text.includes(".") ? "decimal" : "integer";
    return literal_token(token.text, "", XSD + kind);
  }
  return ["TRUE", "FALSE"].includes(word(token)) ? literal_token(token.text.toLowerCase(), "", `${XSD}boolean`) : "";
}

/** A query that selects every variable of the pattern of another one, and what that one selects. */
export interface Widened {
  text: string;
  variables: string[];
  grouped: boolean; //: whether they are those that each row is grouped by
}

export const MOST_MATCHES = 100_000;
const AFTER_GROUPS = ["HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"];

/** The variables that rows are grouped by, none for one group of all; undefined where an expression is among them. */
function group_keys(modifiers: Token[]): string[] | undefined {
  const start = outermost(modifiers).find(([, token]) => word(token) === "GROUP")?.[0];
  if (start === undefined) return [];
  const keys: string[] = [];
  for (const token of modifiers.slice(start + 2)) {
    if (token.kind !== "variable") return AFTER_GROUPS.includes(word(token)) ? [...new Set(keys)] : undefined;
    keys.push(token.text.slice(1));
  }
  return [...new Set(keys)];
}

/** Whether rows hold what is computed or grouped, and not the values of single matches alone. */
export function is_computed(query: Token[]): boolean {
  const opening = pattern_opening(query);
  const end = opening < 0 ? -1 : closing(query, opening);
  const modifiers = end < 0 ? [] : query.slice(end + 1);
  return query.slice(prologue_length(query), Math.max(opening, 0)).some((token) => is_operator(token, "(")) || outermost(modifiers).some(([, token]) => word(token) === "GROUP");
}

/** As `isoc-kg query --why` does it; undefined where expressions make rows that no match is known to stand behind. */
export function widened(text: string, query: Token[]): Widened | undefined {
  const select = prologue_length(query);
  const opening = pattern_opening(query);
  const end = opening < 0 ? -1 : closing(query, opening);
  if (end < 0 || word(query[select]) !== "SELECT") return undefined;
  let clauses = select + 1;
  while (clauses < opening && !["WHERE", "FROM"].includes(word(query[clauses]))) clauses += 1;
  const head = query.slice(select + 1, clauses);
  const modifiers = query.slice(end + 1);
  const outer = new Map(outermost(modifiers).map(([, token]) => [word(token), token]));
  const values = outer.get("VALUES");
  const pattern = text.slice(query[clauses]!.start, query[end]!.start + 1);
  const behind = values ? ` ${text.slice(values.start)}` : "";
  const all = (rest: string): string => `${text.slice(0, query[select]!.start)}SELECT * ${rest}`;
  if (outer.has("GROUP") || outer.has("HAVING") || calls_aggregate([...head, ...modifiers])) {
    const keys = group_keys(modifiers);
    const told = new Set(outermost(head).map(([, token]) => (token.kind === "variable" ? token.text.slice(1) : "")));
    return keys?.every((name) => told.has(name)) ? { text: all(`${pattern} LIMIT ${MOST_MATCHES + 1}${behind}`), variables: keys, grouped: true } : undefined;
  }
  const repeats = ["DISTINCT", "REDUCED"].includes(word(head[0])) ? word(head[0]) : "";
  const selected = repeats ? head.slice(1) : head;
  const variables = [...new Set(selected.filter((token) => token.kind === "variable").map((token) => token.text.slice(1)))];
  if (variables.length === 0 || variables.length < selected.length) return undefined;
  const whole = !repeats || (repeats === "DISTINCT" && !outer.has("LIMIT") && !outer.has("OFFSET"));
  return { text: all(whole ? text.slice(query[clauses]!.start) : pattern + behind), variables, grouped: false };
}
