// The engine's complaints in plain words, as `isoc_kg/query/engine_errors.py` has them.
import { FUNCTIONS, IN_PATTERNS, KEYWORDS, near_keywords } from "./keywords";
import { misplaced_clause } from "./modifiers";
import type { Said } from "./protocol";
import { form, prologue_length, tokens, word, type Token } from "./query-tokens";
import { as_it_is, either, meant, said } from "./said";

/** What is wrong, where (from 0), and the engine's own list of what it expects. */
export interface Complaint {
  said: Said[];
  start: number;
  signs: string[];
}

const MENTION = 100; //: characters of a query's part that are shown
const CLOSING = new Map([["{", "}"], ["(", ")"], ["[", "]"]]);
const OPENING = new Map([...CLOSING].map(([opening, closing]) => [closing, opening]));
const BEGINNINGS = ["SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "PREFIX", "BASE", "VERSION"];
const NAMED = 4; //: signs that are named

/** A complaint about a text, for the place (from 0) that the engine names. */
export function complaint(text: string, told: string, place: number): Complaint {
  const asked = tokens(text);
  const last = asked[asked.length - 1];
  const start = Math.min(place, last ? end_of(last) : 0); // what is missing at the end is missing behind the last token
  const listed = told.replace(/\['[^\]]*\]|\[_\]/g, "").replace(/^expected (?:one of )?/, "");
  const signs = (listed.match(/"(?:[^"\\]|\\.)*"|[^,\s][^,]*/g) ?? []).map((sign) => sign.trim()).filter((sign) => sign.replace(/[ ,.]/g, ""));
  const at = (place: number, key: string, values: Said["values"] = {}, ...advice: Said[]): Complaint => ({ said: [said(key, values), ...advice], start: place, signs });

  const own = signs.find((sign) => !sign.startsWith('"') && sign.split(/\s+/).length > 2);
  if (own) return { said: [as_it_is(`${own[0]!.toLowerCase()}${own.slice(1)}.`)], start, signs };
  if (!last) return at(0, "wrong_no_query", {}, said("advice_no_query"));
  if (form(asked) === "") {
    const first = first_word(asked);
    if (first) return at(first.start, "wrong_form", { word: abridged(first.text) }, ...meant(word(first) ? near_keywords(first.text, BEGINNINGS) : []));
    if (prologue_length(asked) === asked.length) return at(end_of(last), "wrong_prologue");
  }
  const read = asked.filter((token) => end_of(token) <= start);
  const before = read[read.length - 1];
  let unnamed = before && signs.includes('":"') && word(before) ? before : undefined;
  if (unnamed && ["{", "}", "."].includes(read[read.length - 2]?.text ?? "") && near_keywords(unnamed.text, IN_PATTERNS).length > 0) unnamed = undefined;
  const unknown = asked.find((token) => word(token) && token.start <= start && !KEYWORDS.includes(word(token)) && !FUNCTIONS.includes(word(token)));
  const misplaced = misplaced_clause(asked);
  if (misplaced && misplaced.token.start <= start && !(unknown && unknown.start < misplaced.token.start)) {
    return { said: [misplaced.said, ...meant(misplaced.near)], start: misplaced.token.start, signs };
  }
  if (unknown && unknown !== unnamed) {
    const called = text.slice(end_of(unknown)).trimStart().startsWith("(");
    return at(unknown.start, "wrong_word", { word: abridged(unknown.text) }, ...meant(near_keywords(unknown.text, called ? [...FUNCTIONS, ...IN_PATTERNS] : KEYWORDS)));
  }
  if (unnamed && !["A", "TRUE", "FALSE", "UNDEF"].includes(word(unnamed))) return at(unnamed.start, "wrong_no_prefix", { name: abridged(unnamed.text) });
  const again = unmatched(asked) ? undefined : set_twice(asked);
  if (again) return at(again.start, "wrong_set", { name: again.text }, said("advice_set"));
  const next = asked.find((token) => end_of(token) > start);
  const fits = expected(signs);
  if (fits === "“{”" && next) return at(start, "wrong_missing", { word: abridged(next.text), fits });
  const open = unmatched(asked);
  if (open) {
    const closing = CLOSING.get(open.text);
    return closing ? at(open.start, "wrong_open", { sign: open.text, closing }) : at(open.start, "wrong_close", { sign: open.text });
  }
  if (signs.includes('"\\\\"') || signs.includes('"\\\\u"')) return at(start, "wrong_text");
  if (fits) return next ? at(start, "wrong_missing", { word: abridged(next.text), fits }) : at(start, "wrong_missing_end", { fits });
  if (!next) return at(start, "wrong_end");
  // a keyword is looked for in as many characters as it has, and the place is behind these
  const begins = signs.filter((sign) => /^[A-Z]+$/.test(sign)).map((sign) => start - sign.length);
  const wrong = [...asked].reverse().find((token) => begins.includes(token.start)) ?? next;
  return at(wrong.start, "wrong_place", { word: abridged(wrong.text) });
}

const end_of = (token: Token): number => token.start + token.text.length;

function abridged(text: string): string {
  return text.length <= MENTION ? text : `${text.slice(0, MENTION)}…`;
}

/** What fits, in names a person knows; empty where the engine's list tells nothing. */
function expected(signs: string[]): string | Said {
  const bare = new Set(signs.filter((sign) => sign.startsWith('"')).map((sign) => sign.slice(1, -1).replaceAll('\\"', '"')));
  if (bare.has("?")) return said(bare.has("<") || bare.has(":") ? "wrong_fits_term" : "wrong_fits_variable");
  if (bare.has("<")) return said("wrong_fits_iri");
  const marks = bare.size <= NAMED ? ["(", ")", ".", ";", "]", "{", "}"].filter((mark) => bare.has(mark)) : [];
  return either(marks.map((mark) => `“${mark}”`));
}

/** The first bracket that closes nothing, else the last that is never closed. */
function unmatched(asked: Token[]): Token | undefined {
  const opened: Token[] = [];
  for (const token of asked) {
    if (token.kind !== "operator") continue;
    const opening = OPENING.get(token.text);
    if (CLOSING.has(token.text)) opened.push(token);
    else if (opening) {
      const last = opened[opened.length - 1];
      if (last?.text !== opening) return last && opened.some((one) => one.text === opening) ? last : token;
      opened.pop();
    }
  }
  return opened[opened.length - 1];
}

/** The first variable that BIND sets though its group has used it before, as a parameter, too. */
function set_twice(asked: Token[]): Token | undefined {
  const groups: Set<string>[] = [new Set()];
  let binding = false;
  let before = "";
  for (const token of asked) {
    if (token.text === "{") groups.push(new Set());
    else if (token.text === "}" && groups.length > 1) {
      const used = groups.pop()!;
      for (const name of used) groups[groups.length - 1]!.add(name);
    } else if (token.kind === "variable") {
      const name = token.text.slice(1);
      const group = groups[groups.length - 1]!;
      if (binding && before === "AS") {
        binding = false;
        if (group.has(name)) return token;
      }
      group.add(name);
    }
    binding ||= word(token) === "BIND";
    before = word(token);
  }
  return undefined;
}

/** The first word after the prologue; none for a prologue that is not well formed. */
function first_word(asked: Token[]): Token | undefined {
  for (let at = 0; at < asked.length; ) {
    const keyword = word(asked[at]);
    if (keyword === "PREFIX") {
      if (asked[at + 1]?.kind !== "name" || asked[at + 2]?.kind !== "iri") return undefined;
      at += 3;
    } else if (keyword === "BASE" || keyword === "VERSION") at += 2;
    else return asked[at];
  }
  return undefined;
}
