// Entries by words: the head of the index, and of its shards those that a question needs.
import { Dictionary, type Shard } from "./dictionary";
import { data } from "./page";
import { ranked } from "./ranking";
import { type Reason, reason } from "./reason";
import { Inflection } from "./search-words";

/** The kinds of entries, in the order of their numbers. */
export const KINDS = ["thing", "term", "document", "question", "sentence", "page"] as const;
export type Kind = (typeof KINDS)[number];

/** What a shard says of one page. */
export interface Entry {
  i: string;
  l: string;
  g?: string;
  n?: string[];
  c?: string;
  s?: [text: string, anchor: string, place: string, property: string, note?: string, asks?: string][]; // note: why it is no plain fact; asks: what its value is
  d?: string;
  a?: string; // the name that is short for the label
  k?: string[]; // keywords of a question
  h?: 1; // of a sentence: what describes it is its gist
  m?: string[];
  p?: string;
  o?: string;
}

export interface Found {
  kind: Kind;
  entry: Entry;
  reason: Reason;
  /** Where it leads: to the statement that has the words, if one has them. */
  href: string;
}

export interface Results {
  /** How many of each kind there are. */
  counts: Map<Kind, number>;
  found: Found[];
  meant: Map<string, string[]>;
  /** How many have all of the words. */
  whole: number;
  /** Whether nothing of what is asked for has all of the words. */
  partial: boolean;
  /** What the publication calls kinds and reasons. */
  words: Record<string, string>;
}

interface Head {
  counts: number[];
  last: number[]; // what is withdrawn
  per: number;
  firsts: string[];
  endings: Record<string, string[]>;
  stop: string[];
  asking: Record<string, string>; // word → the kind of value that a question with it asks for
  words: Record<string, string>;
}

const read = new Map<string, Promise<unknown>>();

/** A file of the index; one that could not be read is read again when it is needed again. */
function file<T>(path: string): Promise<T> {
  let content = read.get(path);
  if (!content) {
    content = data<unknown>(path);
    read.set(path, content);
    content.catch(() => read.delete(path));
  }
  return content as Promise<T>;
}

async function entry_of(head: Head, number: number): Promise<Entry> {
  const { entries, properties } = await file<{ entries: Entry[]; properties: string[] }>(`data/search/e${Math.floor(number / head.per)}.json`);
  const entry = entries[number % head.per];
  if (!entry) throw new Error(`data/search: ${number}`);
  const statements = entry.s?.map(([text, anchor, place, property, note, asks]): [string, string, string, string, string, string] => [text, anchor, place, properties[Number(property)] ?? "", note ?? "", asks ?? ""]);
  return statements ? { ...entry, s: statements } : entry;
}

/** What fits a text best: so many in all, or of each kind, or of one kind alone. */
export async function find(text: string, most: number, of: "all" | "each" | Kind = "all"): Promise<Results> {
  const head = await file<Head>("data/search.json");
  const dictionary = new Dictionary(head.firsts, (number) => file<Shard>(`data/search/w${number}.json`));
  const inflection = new Inflection(head.endings, head.stop, head.asking);
  const count = head.counts.reduce((sum, one) => sum + one, 0);
  const [things, terms] = [head.counts[0] ?? 0, head.counts[1] ?? 0];
  const { numbers, meant, whole } = await ranked(text, dictionary, inflection, count, [things, things + terms], new Set(head.last));
  const counts = new Map<Kind, number>();
  const chosen: [Kind, number][] = [];
  for (const number of numbers) {
    const kind = kind_of(head, number);
    const before = counts.get(kind) ?? 0;
    counts.set(kind, before + 1);
    if (of === "all" ? chosen.length < most : of === "each" ? before < most : kind === of && before < most) chosen.push([kind, number]);
  }
  const found = await Promise.all(
    chosen.map(async ([kind, number]): Promise<Found> => {
      const entry = await entry_of(head, number);
      const why = reason(entry, text, meant, inflection);
      return { kind, entry, reason: why, href: why.anchor ? `${entry.i}#${why.anchor}` : entry.i };
    }),
  );
  const best = numbers.findIndex((number) => of === "all" || of === "each" || kind_of(head, number) === of);
  return { counts, found, meant, whole, partial: best >= whole, words: head.words };
}

function kind_of(head: Head, number: number): Kind {
  let end = 0;
  for (const [at, kind] of KINDS.entries()) {
    end += head.counts[at] ?? 0;
    if (number < end) return kind;
  }
  return "sentence";
}

/** What an entry is called, with its acronym. */
export function full_name(entry: Entry): string {
  return entry.a ? `${entry.l} (${entry.a})` : entry.l;
}

/** Why an entry is found, in the publication's words; empty where its name says it. */
export function why(found: Found, words: Record<string, string>): string {
  const fill = (key: string, values: Record<string, string>): string =>
    (words[key] ?? "").replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
  const { entry, reason: because } = found;
  if (found.kind === "sentence") return fill(entry.h ? "gist" : "in", { place: entry.p ?? "", document: entry.o ?? "" });
  if (because.kind === "name") return because.text === entry.a ? "" : fill("name", { name: because.text });
  if (because.kind === "statement") {
    const line = because.place ? fill("statement", { statement: because.text, place: because.place }) : because.text;
    return because.note ? `${line} – ${because.note}` : line;
  }
  return because.kind === "text" ? because.text : "";
}
