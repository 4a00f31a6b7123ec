// What stands behind the pattern of a query, as `isoc_kg/query/modifiers.py` reads it.
import { near_keywords } from "./keywords";
import type { Said } from "./protocol";
import { closing, pattern_opening, word, type Token } from "./query-tokens";
import { said } from "./said";

export interface Misplaced {
  token: Token;
  said: Said;
  near: string[]; //: what may be meant
}

const MENTION = 100; //: characters of a query's part that are shown
const RANKS: Record<string, number> = { GROUP: 0, HAVING: 1, ORDER: 2, LIMIT: 3, OFFSET: 3, VALUES: 4 };
const clause = (keyword: string): string => (keyword === "GROUP" || keyword === "ORDER" ? `${keyword} BY` : keyword);

/** What is wrong there: a word that begins no modifier, a wrong order. */
export function misplaced_clause(query: Token[]): Misplaced | undefined {
  const opening = pattern_opening(query);
  const end = opening < 0 ? -1 : closing(query, opening);
  const first = end < 0 ? undefined : query[end + 1];
  if (!first || ["}", ")", "]"].includes(first.text)) return undefined; // nothing, or a bracket too many
  if (!(word(first) in RANKS)) {
    const near = word(first) ? near_keywords(first.text, Object.keys(RANKS)) : [];
    const shown = first.text.length <= MENTION ? first.text : `${first.text.slice(0, MENTION)}…`;
    return { token: first, said: said(near.length > 0 ? "wrong_word" : "wrong_trailing", { word: shown }), near };
  }
  let before = "";
  let depth = 0;
  for (const [number, token] of [...query.entries()].slice(end + 1)) {
    const next = query[number + 1];
    const keyword = word(token);
    if (token.kind === "operator") depth += "({[".includes(token.text) ? 1 : ")}]".includes(token.text) ? -1 : 0;
    if (depth !== 0 || !(keyword in RANKS)) continue;
    if (before && RANKS[keyword]! < RANKS[before]!) return { token, said: said("wrong_order", { clause: clause(keyword), other: clause(before) }), near: [] };
    if (clause(keyword) !== keyword && word(next) !== "BY") return { token, said: said("wrong_by", { word: keyword }), near: [] };
    if (RANKS[keyword] === 3 && !/^\d+$/.test(next?.text ?? "")) return { token: next ?? token, said: said("wrong_number", { word: keyword }), near: [] };
    before = keyword;
  }
  return undefined;
}
