// Why an entry is found, as `evidence/retrieval/reason.py` says it.
import type { Entry } from "./index-search";
import { first, fold_name, type Inflection, is_run, joined_words, query_words, words_of } from "./search-words";

const TAIL_FROM = 4;
const SNIPPET = 160;

export interface Reason {
  kind: "" | "name" | "statement" | "text" | "keyword";
  text: string;
  anchor: string;
  place: string;
  note: string; //: why a statement is no plain fact
}

const NONE: Reason = { kind: "", text: "", anchor: "", place: "", note: "" };

/** The best of what has words of a question: label, another name, a statement, a text, a keyword. */
export function reason(entry: Entry, question: string, meant: Map<string, string[]>, inflection: Inflection): Reason {
  const kind = inflection.asked(first(question, 500));
  const all = query_words(first(question, 500), inflection.stop).map((word) => [word, ...(meant.get(word) ?? [])]);
  const whole = fold_name(question);
  const named = (entry.n ?? []).find((name) => fold_name(name) === whole);
  if (whole && named !== undefined && fold_name(entry.l) !== whole) return { ...NONE, kind: "name", text: named };
  // what its name shows needs no reason
  const sought = all.filter((words) => count(`${entry.l} ${entry.a ?? ""}`, [words], inflection) === 0);
  if (sought.length === 0) {
    // its name alone does not answer when and where
    const answer = kind === "date" || kind === "place" ? (entry.s ?? []).find((statement) => statement[5] === kind) : undefined;
    return answer ? { kind: "statement", text: answer[0], anchor: answer[1], place: answer[2], note: answer[4] ?? "" } : NONE;
  }
  let most = 0;
  let best = NONE;
  const consider = (candidate: Reason, further = "", asks = ""): void => {
    const text = `${candidate.text} ${further}`;
    let number = 2 * count(text, sought, inflection);
    if (kind && asks === kind) {
      number = Math.max(number, 2 * count_roots(text, sought, inflection));
      if (number) number += 1;
    }
    if (number > most) [best, most] = [candidate, number];
  };
  for (const text of entry.n ?? []) consider({ ...NONE, kind: "name", text });
  for (const [text, anchor, place, property, note, asks] of entry.s ?? []) consider({ kind: "statement", text, anchor, place, note: note ?? "" }, property, asks);
  for (const text of [...(entry.d ? [entry.d] : []), ...(entry.m ?? [])]) consider({ ...NONE, kind: "text", text });
  for (const text of entry.k ?? []) consider({ ...NONE, kind: "keyword", text });
  return best.kind === "text" ? { ...best, text: snippet(best.text, sought, inflection) } : best;
}

/** A folded word as the first of the entries that has it writes it; as it is where none shows it. */
export function as_written(word: string, entries: Entry[]): string {
  for (const entry of entries) {
    for (const text of [entry.l, ...(entry.n ?? []), ...(entry.s ?? []).map(([said]) => said), entry.d ?? "", ...(entry.m ?? [])]) {
      for (const part of text.match(/[\p{L}\p{N}\p{M}_]+/gu) ?? []) if (words_of(part).join(" ") === word) return part;
    }
  }
  return word;
}

function count(text: string, sought: string[][], inflection: Inflection): number {
  const having = new Set([...words_of(text), ...joined_words(text)].flatMap((word) => inflection.forms(word)));
  return sought.filter((words) => words.some((word) => has(having, word, inflection))).length;
}

function count_roots(text: string, sought: string[][], inflection: Inflection): number {
  const roots = new Set(words_of(text).map((word) => inflection.root(word)));
  return sought.filter((words) => words.some((word) => roots.has(inflection.root(word)))).length;
}

function has(having: Set<string>, word: string, inflection: Inflection): boolean {
  const all = [...having];
  if (is_run(word)) return all.some((other) => other.includes(word));
  const forms = inflection.forms(word);
  if (forms.some((form) => all.some((other) => other === form || (form.length >= 2 && other.startsWith(form)) || inflection.alike(other, form)))) return true;
  const tail = [...word].length >= TAIL_FROM ? inflection.tail(word) : "";
  return tail !== "" && all.some((other) => inflection.tail(other).startsWith(tail));
}

/** The part of a text that has most of the words, cut at spaces where there are any. */
export function snippet(text: string, sought: string[][], inflection: Inflection): string {
  if (text.length <= SNIPPET) return text;
  let start = 0;
  let most = -1;
  for (let at = 0; at < text.length - SNIPPET / 2; at += SNIPPET / 4) {
    const number = count(text.slice(at, at + SNIPPET), sought, inflection);
    if (number > most) [start, most] = [at, number];
  }
  const space = start ? text.indexOf(" ", start) : -1;
  if (space > 0 && space < start + 20) start = space + 1;
  let end = Math.min(text.length, start + SNIPPET);
  const last = text.lastIndexOf(" ", end - 1);
  if (end < text.length && last > end - 20) end = last;
  return `${start ? "… " : ""}${text.slice(start, end)}${end < text.length ? " …" : ""}`;
}
