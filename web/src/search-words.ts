// The words that are searched, folded as Python folds them (`evidence/retrieval/search_words.py`).

const MARKS = /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]/g;
const LETTERS: Record<string, string> = {
  ß: "ss", æ: "ae", œ: "oe", ø: "o", đ: "d", ð: "d", þ: "th", ł: "l", ı: "i", ħ: "h", ς: "σ",
  أ: "ا", إ: "ا", آ: "ا", ٱ: "ا", ى: "ي", ة: "ه", "’": "'", ʼ: "'",
};
const LETTER = new RegExp(`[${Object.keys(LETTERS).join("")}]`, "gu");
const UNSPACED =
  "\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff\\u3005\\u3007\\u3040-\\u30ff\\u3400-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{3ffff}";
const PIECES = new RegExp(`[${UNSPACED}]+|[^${UNSPACED}]+`, "gu");
const RUN = new RegExp(`^[${UNSPACED}]`, "u");
const POSSESSIVE = /(?<=[\p{L}\p{N}_])'s(?![\p{L}\p{N}_])/gu;
const CLITICS = ["ال", "و", "ف", "ب", "ك", "ل"];
const HYPHENATED = /[\p{L}\p{N}]+(?:[-\u2010\u2011][\p{L}\p{N}]+)+/gu;
const COMPOUNDING = ["da", "de", "nl", "no", "sv"];
const LONGEST = 40;
const MOST_WORDS = 12;
const SHORTEST = 3;
const DOERS = ["er", "or"];

/** The value of a decimal digit of any script: the ten of a script begin at a code point that ends in 0 or 6. */
function digit(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const last = code & 15;
  const from_six = last > 9 || (last > 5 && !/\p{Nd}/u.test(String.fromCodePoint(code - last)));
  return String(last - (from_six ? 6 : 0));
}

function fold(text: string): string {
  const lowered = text.normalize("NFKD").toLowerCase().normalize("NFKD");
  return lowered
    .replace(MARKS, "")
    .replace(LETTER, (letter) => LETTERS[letter] ?? letter)
    .normalize("NFC")
    .replace(/(?![0-9])\p{Nd}/gu, digit);
}

/** A name as names are compared. */
export function fold_name(text: string): string {
  return fold(text).split(/\s+/u).filter(Boolean).join(" ");
}

/** The folded words of a text in its order; what is written without spaces stays in one run. */
export function words_of(text: string): string[] {
  const parts = fold(text).replace(POSSESSIVE, "").match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  return parts.flatMap((part) => part.match(PIECES) ?? []).map((word) => (is_run(word) ? word : first(word, LONGEST)));
}

/** The folded words that hyphens part, as others write them without. */
export function joined_words(text: string): string[] {
  return (text.match(HYPHENATED) ?? []).flatMap((part) => words_of(part.replace(/[-\u2010\u2011]/g, "")));
}

/** The words of a question that are searched: those without content only where there are no others. */
export function query_words(text: string, stop: Set<string>): string[] {
  const words = [...new Set(words_of(text))];
  const content = words.filter((word) => !stop.has(word));
  return (content.length ? content : words).slice(0, MOST_WORDS);
}

/** So many code points of a text. */
export function first(text: string, most: number): string {
  return text.length <= most ? text : [...text.slice(0, 2 * most)].slice(0, most).join("");
}

/** Whether a word is a run of a script that puts no space between words. */
export function is_run(word: string): boolean {
  return RUN.test(word);
}

/** The pairs of characters of a run, or its only one. */
export function bigrams(run: string): string[] {
  const characters = [...run];
  return characters.length === 1 ? characters : characters.slice(1).map((character, at) => `${characters[at]}${character}`);
}

/** Which words are forms of one another: those that are equal without an ending of a language. */
export class Inflection {
  readonly stop: Set<string>;
  readonly #endings: Map<string, Map<string, string>>;

  constructor(
    endings: Record<string, string[]>,
    stop: string[],
    readonly asking: Record<string, string>,
  ) {
    this.stop = new Set(stop);
    this.#endings = new Map(
      Object.entries(endings).map(([language, all]) => [
        language,
        new Map(all.map((ending) => [ending.split("/")[0] ?? "", ending.split("/")[1] ?? ""])),
      ]),
    );
  }

  /** A word without its longest ending in a language, and what stands in the place of that. */
  stem(word: string, language: string): [string, string] {
    if (/\p{N}/u.test(word)) return [word, ""];
    const letters = [...word];
    for (let size = Math.min(6, letters.length - SHORTEST); size > 0; size--) {
      const other = this.#endings.get(language)?.get(letters.slice(-size).join(""));
      if (other === undefined) continue;
      const stem = letters.slice(0, -size);
      const last = stem.at(-1) ?? "";
      const twice = stem.length > 3 && last === stem.at(-2) && !"lsz".includes(last);
      return [(twice && !other && size > 1 && language === "en" ? stem.slice(0, -1) : stem).join(""), other];
    }
    return [word, ""];
  }

  /** What all forms of a word begin with. */
  start(word: string): string {
    let start: string | undefined;
    for (const language of this.#endings.keys()) {
      const [stem] = this.stem(word, language);
      if (start === undefined || [...stem].length < [...start].length) start = stem;
    }
    return start ?? word;
  }

  /** The kind of value that a question asks for (agent, date, place): by the first word that tells it. */
  asked(question: string): string {
    const word = words_of(question).find((one) => Object.hasOwn(this.asking, one));
    return word === undefined ? "" : (this.asking[word] ?? "");
  }

  /** What a word, and the noun for who does it, begin with. */
  root(word: string): string {
    const start = this.start(word);
    return DOERS.some((ending) => start.endsWith(ending)) && [...start].length >= SHORTEST + 2 ? start.slice(0, -2) : start;
  }

  alike(one: string, other: string): boolean {
    for (const language of this.#endings.keys()) {
      if (this.stem(one, language).join("") === this.stem(other, language).join("")) return true;
    }
    return false;
  }

  /** By what a compound is found by its last part: the stem from its end; empty where no language has compounds. */
  tail(word: string): string {
    let tail: string | undefined;
    for (const language of this.#endings.keys()) {
      if (!COMPOUNDING.includes(language)) continue;
      const stem = [...this.stem(word, language)[0]].reverse();
      if (tail === undefined || stem.length < [...tail].length) tail = stem.join("");
    }
    return tail ?? "";
  }

  /** A word, and in Arabic what it is without the particles before it. */
  forms(word: string): string[] {
    if (!this.#endings.has("ar")) return [word];
    const bare = without_clitics(word);
    return bare === word ? [word] : [word, bare];
  }
}

function without_clitics(word: string): string {
  for (;;) {
    const clitic = CLITICS.find((one) => word.startsWith(one));
    if (!clitic || [...word].length - clitic.length < (clitic.length === 2 ? 3 : 4)) return word;
    word = word.slice(clitic.length);
  }
}

/** Whether a word may be another misspelt by one letter, or by two exchanged; in long ones by two of these. */
export function is_near(one: string, other: string): boolean {
  const left = [...one];
  const right = [...other];
  const most = Math.min(left.length, right.length) >= 8 ? 2 : 1;
  if (Math.abs(left.length - right.length) > most) return false;
  let before: number[] = [];
  let row = Array.from({ length: right.length + 1 }, (_, at) => at);
  for (let i = 1; i <= left.length; i++) {
    const last = row;
    row = [i];
    for (let j = 1; j <= right.length; j++) {
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + Number(left[i - 1] !== right[j - 1]));
      if (i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1]) cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    before = last;
  }
  return (row.at(-1) ?? 99) <= most;
}
