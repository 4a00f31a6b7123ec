// What the console and its worker say to each other.

/** A term as in SPARQL results in JSON (https://www.w3.org/TR/sparql11-results-json/). */
export interface Value {
  type: "uri" | "literal" | "bnode";
  value: string;
  "xml:lang"?: string;
  datatype?: string;
}

export interface Request {
  engine: string;
  dump: string;
  query: string;
  most: number;
}

export type Answer =
  | { kind: "progress"; step: "engine" | "data" | "running" }
  | { kind: "error"; message: string }
  | { kind: "ask"; value: boolean; time: number }
  | { kind: "select"; variables: string[]; rows: Record<string, Value>[]; count: number; time: number }
  | { kind: "graph"; triples: [Value, Value, Value][]; count: number; time: number };

export interface Parameter {
  n: string;
  t: string;
  v: string;
  x: string;
}

export interface Named {
  n: string;
  t: string;
  d: string;
  q: string;
  p: Parameter[];
}

/** `data/editor.json`. */
export interface Editor {
  base: string;
  dump: string;
  bytes: number;
  prefixes: Record<string, string>;
  terms: { n: string; l: string; k: string; d: string }[];
  things: { n: string; l: string }[];
  queries: Named[];
}
