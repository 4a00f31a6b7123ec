// The order in which entries are found, by the steps of `evidence/retrieval/ranking.py`.
import { decoded, type Dictionary } from "./dictionary";
import { bigrams, first, fold_name, type Inflection, is_near, is_run, query_words } from "./search-words";

const WHOLE = "=";
const TAIL = "<";
const ASKED = "?";
const WHOLE_TEXT = 2;
const LONGEST_NAME = 100;
const MOST_NAMES = 200;
const MOST_FORMS = 300;
const MOST_LIKE = 2000;
const MOST_MEANT = 3;
const MOST_CHARACTERS = 500;
const [SAME, FORM, BEGINNING, NEAR] = [0, 1, 2, 3];
const BEGINNINGS_FROM = 2;
const NEAR_FROM = 4;
const NOT = 255;
const MOST_FITTING = 3;
const NUMBERS = 2 ** 25;

export interface Ranking {
  numbers: number[];
  meant: Map<string, string[]>;
  /** How many, the first ones, have all of the words. */
  whole: number;
}

/** The entries that a question finds, the best first, and the words that were taken for others; terms have numbers from `first` to before `end`, `last` is withdrawn. */
export async function ranked(question: string, dictionary: Dictionary, inflection: Inflection, count: number, terms: [first: number, end: number], last: Set<number>): Promise<Ranking> {
  const text = first(question, MOST_CHARACTERS);
  const meant = new Map<string, string[]>();
  const kind = inflection.asked(text);
  const fits = new Uint8Array(count);
  const [whole, ...having] = await Promise.all([
    whole_names(text, dictionary),
    ...query_words(text, inflection.stop).map(async (word) => {
      const fitting = kind && !is_run(word) ? await dictionary.get(`${ASKED}${kind}:${inflection.root(word)}`) : "";
      for (const [number] of decoded(fitting)) fits[number] = Math.min((fits[number] ?? 0) + 1, MOST_FITTING);
      return entries_having(word, dictionary, inflection, meant, count, fitting);
    }),
  ]);
  const matched = new Uint8Array(count);
  const rarity = new Uint16Array(count);
  const worst = new Uint8Array(count);
  const costs = new Uint16Array(count);
  for (const { cost, size } of having) {
    const rare = 32 - Math.clz32(1 + Math.floor(count / Math.max(1, size)));
    for (let number = 0; size && number < count; number++) {
      const one = cost[number] ?? NOT;
      if (one === NOT) continue;
      matched[number]! += 1;
      rarity[number]! += rare;
      worst[number] = Math.max(worst[number] ?? 0, one >> 2);
      costs[number]! += one;
    }
  }
  // what has all of the words, what is withdrawn and called so, what has some of the words, what else is withdrawn
  const parts: number[][] = [[], [], [], []];
  const all_words = new Set<number>();
  for (let number = 0; number < count; number++) {
    const rank = whole.get(number);
    if (rank === undefined && !matched[number]) continue;
    const is_complete = rank !== undefined || matched[number] === having.length;
    if (is_complete) all_words.add(number);
    // all of an entry's place in the order in one number, the entry's own number last
    let place = (rank ?? 3) * 16 + 15 - (matched[number] ?? 0);
    place = place * 2 + Number(number >= terms[0] && number < terms[1]);
    place = place * 4 + MOST_FITTING - (fits[number] ?? 0);
    place = ((place * 512 + 511 - (rarity[number] ?? 0)) * 4 + (worst[number] ?? 0)) * 256 + (costs[number] ?? 0);
    const part = last.has(number) ? ((rank ?? 2) < 2 ? 1 : 3) : is_complete ? 0 : 2;
    parts[part]!.push(place * NUMBERS + number);
  }
  const numbers = parts.flatMap((places) => [...Float64Array.from(places).sort()].map((place) => place % NUMBERS));
  const rest = numbers.findIndex((number) => !all_words.has(number));
  return { numbers, meant, whole: rest < 0 ? numbers.length : rest };
}

/** What each entry that has a word costs, `NOT` for the others, and how many have it. */
interface Having {
  cost: Uint8Array;
  size: number;
}

async function whole_names(text: string, dictionary: Dictionary): Promise<Map<number, number>> {
  const name = first(fold_name(text), LONGEST_NAME);
  const whole = new Map<number, number>();
  if (!name) return whole;
  for (const [key, entries] of await dictionary.beginning(WHOLE + name, MOST_NAMES)) {
    const is_whole = key === WHOLE + name;
    for (const [number, field] of decoded(entries)) {
      if (is_whole) whole.set(number, Math.min(whole.get(number) ?? 2, field, 1));
      else if (field !== WHOLE_TEXT) whole.set(number, whole.get(number) ?? 2);
    }
  }
  return whole;
}

async function entries_having(
  word: string,
  dictionary: Dictionary,
  inflection: Inflection,
  meant: Map<string, string[]>,
  count: number,
  fitting: string,
): Promise<Having> {
  const having: Having = { cost: new Uint8Array(count).fill(NOT), size: 0 };
  const add = (entries: string, how: number): void => {
    for (const [number, field] of decoded(entries)) keep(having, number, 4 * field + how);
  };
  if (is_run(word)) {
    await add_run(word, dictionary, having);
    return having;
  }
  for (const form of inflection.forms(word)) {
    const start = inflection.start(form);
    const keys = new Map(await dictionary.beginning(start, MOST_FORMS));
    if (keys.size >= MOST_FORMS && start !== form) {
      for (const [key, entries] of await dictionary.beginning(form, MOST_FORMS)) keys.set(key, entries);
    }
    for (const [key, entries] of keys) {
      if (key === form) add(entries, SAME);
      else if (inflection.alike(key, form)) add(entries, FORM);
      else if (key.startsWith(form) && [...form].length >= BEGINNINGS_FROM) add(entries, BEGINNING);
    }
  }
  add(fitting, FORM);
  const tail = having.size === 0 && [...word].length >= NEAR_FROM ? inflection.tail(word) : "";
  if ([...tail].length >= NEAR_FROM - 1) {
    for (const [, entries] of await dictionary.beginning(TAIL + tail, MOST_FORMS)) add(entries, NEAR);
  }
  if (having.size === 0 && [...word].length >= NEAR_FROM) {
    const near = (await like(word, dictionary)).filter(([key]) => [...key].length >= NEAR_FROM && is_near(word, key)).slice(0, MOST_MEANT);
    for (const [, entries] of near) add(entries, NEAR);
    if (near.length) meant.set(word, near.map(([key]) => key));
  }
  return having;
}

/** Keep the least that an entry costs. */
function keep(having: Having, number: number, cost: number): void {
  const before = having.cost[number] ?? NOT;
  if (before === NOT) having.size += 1;
  if (cost < before) having.cost[number] = cost;
}

async function add_run(run: string, dictionary: Dictionary, having: Having): Promise<void> {
  if ([...run].length === 1) {
    for (const [, entries] of await dictionary.beginning(run, MOST_FORMS)) {
      for (const [number, field] of decoded(entries)) keep(having, number, 4 * field);
    }
    return;
  }
  let all: Map<number, number> | undefined;
  for (const pair of bigrams(run)) {
    const fields = new Map(decoded(await dictionary.get(pair)));
    const kept = new Map<number, number>();
    for (const [number, cost] of all ?? fields) {
      const field = fields.get(number);
      if (field !== undefined) kept.set(number, all ? Math.max(cost, 4 * field) : 4 * field);
    }
    all = kept;
  }
  for (const [number, cost] of all ?? []) keep(having, number, cost);
}

async function like(word: string, dictionary: Dictionary): Promise<[string, string][]> {
  const few = await dictionary.beginning(first(word, 1), MOST_LIKE);
  return few.length < MOST_LIKE ? few : dictionary.beginning(first(word, 3), MOST_LIKE);
}
