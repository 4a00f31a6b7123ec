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
  query: string; //: as its author wrote it
  most: number;
  why: boolean;
  prefixes: Record<string, string>;
  common: Record<string, string>; //: prefixes that others use
  claims: string;
  labels: string[];
  language: string;
}

/** A unit of a document as evidence. */
export interface Sentence {
  iri: string;
  number: string;
  name: string;
  kind: string;
  document: string;
  start: number;
  gist: string;
  quote: string; //: its words, where they are published
  implied: boolean;
  held: string; //: the edition in which it was last confirmed, where that is not the last one
}

/** What stands behind a claim. */
export interface Reason {
  claim: string;
  statement: [string, string, string];
  sentences: Sentence[];
  contradicting: Sentence[];
  notes: string[];
  conflicts: [string, string][]; //: claims of other values, with the value
  preferred: string[];
  retracted: string[];
}

/** IRI → a name of it, and the language of that. */
export type Names = Record<string, [string, string]>;

/** For each row the claims behind it. */
export interface Behind {
  why: Reason[][];
  incomplete?: string;
}

/** One of the texts of the page, by its key, and what it is filled in with; without a key, a text as it is. */
export interface Said {
  key: string;
  values: Record<string, string | number | Said>;
}

/** What is to be known of an answer, and where in the query (from 0; -1 for nowhere). */
export interface Note {
  said: Said[];
  start: number;
}

/** A mistake in a query, with its place (from 1). */
export interface Mistake {
  said: Said[];
  line: number;
  column: number;
  signs?: string[]; //: what the engine expects there, as it writes it
}

export type Answer =
  | { kind: "progress"; step: "engine" | "data" | "running" }
  | { kind: "error"; said: Said[]; mistake?: Mistake }
  | { kind: "ask"; value: boolean; time: number; notes: Note[] }
  | { kind: "select"; variables: string[]; rows: Record<string, Value>[]; count: number; time: number; names: Names; notes: Note[]; behind?: Behind }
  | { kind: "graph"; triples: [Value, Value, Value][]; count: number; time: number; names: Names; notes: Note[] };

export interface Parameter {
  n: string;
  t: string;
  v: string;
  x: string;
  k: string; //: the kind of its values, a key of the page's texts behind `value_`
  c?: string[]; //: the values there are
  r?: string; //: what values look like
  e?: string; //: such a value
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
  claims: string;
  labels: string[];
  language: string;
  common: Record<string, string>;
  pages: Record<string, string>;
  names: Names; //: what pages call properties and classes
}
