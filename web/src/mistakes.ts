// What is wrong with a query, in the words of the command line, with the place in what its author wrote.
import { close_matches } from "./closeness";
import { complaint } from "./complaints";
import { near_keywords } from "./keywords";
import type { Mistake, Said } from "./protocol";
import { tokens, with_prefixes, word } from "./query-tokens";
import { meant, said } from "./said";

const UPDATES = ["INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"];

/** A mistake that is found before the engine reads the query. */
export function mistake_in(text: string, prefixes: Record<string, string>, common: Record<string, string>): Mistake | undefined {
  const query = tokens(text);
  const declared: Record<string, string> = { ...prefixes };
  let begun = false;
  for (const [position, token] of query.entries()) {
    const keyword = word(token);
    if (keyword === "SERVICE") {
      return at(text, token.start, said("wrong_service"), said("advice_service"));
    }
    if (keyword && !begun && !["PREFIX", "BASE", "VERSION"].includes(keyword)) {
      begun = true;
      if (UPDATES.includes(keyword)) {
        return at(text, token.start, said("wrong_update", { word: keyword }), said("advice_update"));
      }
    }
    if (token.kind !== "name") continue;
    const name = token.text.split(":")[0]!;
    if (word(query[position - 1]) === "PREFIX") declared[name] = query[position + 1]?.text.slice(1, -1) ?? "";
    else if (!(name in declared)) {
      const before = query[position - 1];
      if (before && word(before) && query[position + 1]?.kind === "iri" && near_keywords(before.text, ["PREFIX"]).length > 0) {
        return at(text, before.start, said("wrong_word", { word: before.text }), ...meant(["PREFIX"]));
      }
      return at(text, token.start, said("wrong_prefix", { prefix: name }), hint_at_prefix(name, declared, { ...prefixes, ...common }));
    }
  }
  return undefined;
}

/** The engine's complaint, with the place in the query as it was written. */
export function engine_mistake(error: string, text: string, prefixes: Record<string, string>): Mistake | undefined {
  const match = /error at (\d+):(\d+): ([\s\S]*)/.exec(error);
  if (!match) return undefined;
  const line = Number(match[1]);
  const added = line === 1 ? with_prefixes(text, prefixes).length - text.length : 0;
  const above = text.split("\n").slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const { said: told, start, signs } = complaint(text, match[3]!, above + Math.max(0, Number(match[2]) - 1 - added));
  return { ...at(text, start, ...told), signs };
}

function hint_at_prefix(prefix: string, known: Record<string, string>, common: Record<string, string>): Said {
  const namespace = common[prefix];
  const declaration = `PREFIX ${prefix}: <${namespace ?? "…"}>`;
  const same = Object.keys(known).find((name) => name && known[name] === namespace);
  if (same) return said("advice_prefix_same", { same, declaration });
  const near = namespace ? [] : close_matches(prefix, Object.keys(known).filter((name) => name).sort(), 1, 0.75);
  return near.length > 0 ? said("advice_prefix_near", { near: near[0]!, declaration }) : said("advice_prefix", { declaration });
}

function at(text: string, start: number, ...told: Said[]): Mistake {
  return { said: told, ...place(text, start) };
}

/** Line and column, from 1, of a place in a text. */
export function place(text: string, start: number): { line: number; column: number } {
  const before = text.slice(0, start).split("\n");
  return { line: before.length, column: before[before.length - 1]!.length + 1 };
}
