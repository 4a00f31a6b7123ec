// Who says so, of a row: its statements, each with the sentences behind it, by word and not by colour alone.
import { element, figure, say } from "./page";
import type { Editor, Names, Reason, Sentence } from "./protocol";
import { address, called } from "./results";
import { short } from "./short";

/** What stands behind a row, folded under a line that sums it up. */
export function reasons(claims: Reason[] | undefined, about: Editor, names: Names): Node {
  if (!claims) return element("span", { class: "muted" }, say("not_asked"));
  if (claims.length === 0) return element("span", { class: "muted" }, say("untraced"));
  const list = element("ul", { class: "reasons" }, ...claims.map((claim) => reason(claim, about, names)));
  return element("details", {}, element("summary", {}, `${say("why")} `, ...(claims.length > MOST_STATEMENTS ? [`${say("why_count", { count: figure(claims.length) })} `] : []), ...summary(claims, about, names)), list);
}

const MOST_UNITS = 4;
const NO_BREAK = "\u00a0"; //: between a kind and the number behind it, which mean nothing on two lines
const MOST_STATEMENTS = 2; //: that are not counted: their sentences are all in the line

/** How a row is supported, and by which units, as statements say it. */
function summary(claims: Reason[], about: Editor, names: Names): Node[] {
  const sentences = claims.flatMap((claim) => claim.sentences);
  const parts: [string, string][] = [];
  const add = (how: string, units: Sentence[]): void => {
    if (units.length > 0) parts.push([how, say(`standing_${how}`, { units: unit_list(units) })]);
  };
  const supported = once(sentences.filter((one) => !one.implied));
  const implied = once(sentences.filter((one) => one.implied));
  // what one statement of the row rests on may only imply another one
  const both = supported.filter((one) => implied.some((other) => other.iri === one.iri));
  if (both.length > 0) {
    const key = both.length < supported.length ? "too" : both.length === 1 ? "it" : "them";
    const text = say("standing_supported", { units: unit_list(supported) });
    parts.push(["supported", say(`standing_implied_${key}`, { supported: text, units: unit_list(both) })]);
  } else add("supported", supported);
  add("implied", implied.filter((one) => !both.some((other) => other.iri === one.iri)));
  add("contradicted", claims.flatMap((claim) => claim.contradicting));
  for (const text of new Set(claims.filter((claim) => claim.conflicts.length > 0).map((claim) => rivals(claim, about, names)))) parts.push(["disputed", text]);
  if (claims.some((claim) => claim.notes.length > 0 && claim.sentences.length + claim.contradicting.length === 0)) parts.push(["editorial", say("standing_editorial")]);
  if (claims.some((claim) => claim.retracted.length > 0)) parts.push(["retracted", say("retracted")]);
  if (parts.length === 0) return [document.createTextNode(say("untraced"))];
  return parts.flatMap(([how, text], at) => [...(at > 0 ? [document.createTextNode("; ")] : []), element("span", { class: `standing ${how}` }, text)]);
}

function once(units: Sentence[]): Sentence[] {
  return [...new Map(units.map((one) => [one.iri, one])).values()];
}

/** Units in their order, each once, what is of one kind together: “sentences 2.1, 6.1, heading 7.1 …”. */
function unit_list(all: Sentence[]): string {
  const units = once(all);
  const runs: Sentence[][] = [];
  for (const one of units.slice(0, MOST_UNITS)) {
    const last = runs.at(-1);
    if (last?.[0]?.kind === one.kind) last.push(one);
    else runs.push([one]);
  }
  const parts = runs.map((run) => {
    const kind = run[0]?.kind.replace("-", "_") ?? "";
    return `${say(run.length > 1 ? `kinds_${kind || "any"}` : kind ? `unit_${kind}` : "kind_any")}${NO_BREAK}${run.map((one) => one.name).join(", ")}`;
  });
  return parts.join(", ") + (units.length > MOST_UNITS ? " …" : "");
}

function reason(claim: Reason, about: Editor, names: Names): HTMLElement {
  const [s, p, o] = claim.statement.map((term) => readable(term, about, names)) as [string, string, string];
  const lines = [
    ...claim.sentences.map((one) => sentence(one, one.implied ? "implied" : "supported", about)),
    ...claim.contradicting.map((one) => sentence(one, "contradicted", about)),
    ...claim.notes.map((note) => remark("editorial", note)),
    ...others(claim, about, names).map((value) => remark("rival", value)),
    ...claim.preferred.map((note) => remark("preferred", note)),
    ...claim.retracted.map((note) => remark("retracted", note)),
  ];
  const statement = link(claim.claim, `${s} · ${p} · ${o}`, about);
  return element("li", {}, statement, element("ul", {}, ...lines));
}

/** What other claims say in the place of one, each value once. */
function others(claim: Reason, about: Editor, names: Names): string[] {
  return [...new Set(claim.conflicts.map(([, value]) => called(value, about, names)?.[0] ?? value))];
}

const MOST_RIVALS = 3;
const LONGEST_RIVAL = 60;

function rivals(claim: Reason, about: Editor, names: Names): string {
  const values = others(claim, about, names);
  const cut = (text: string): string => (text.length > LONGEST_RIVAL ? `${text.slice(0, LONGEST_RIVAL - 1).trimEnd()}…` : text);
  const shown = values.slice(0, MOST_RIVALS).map((value) => cut(value.replace(/\s+/g, " ").trim()));
  return say("standing_rival", { value: shown.join(", ") + (values.length > MOST_RIVALS ? " …" : "") });
}

/** A text that leads to a page, where there is one: other schemes than those of the web lead nowhere. */
function link(iri: string, text: string, about: Editor): HTMLElement {
  const href = address(iri, about);
  return href ? element("a", { href, dir: "auto" }, text) : element("span", { dir: "auto" }, text);
}

function remark(key: string, text: string): HTMLElement {
  return element("li", {}, element("strong", {}, say(key)), " ", element("span", { dir: "auto" }, text));
}

function sentence(one: Sentence, how: "supported" | "implied" | "contradicted", about: Editor): HTMLElement {
  const words: Node[] = one.quote ? [element("q", { dir: "auto" }, one.quote)] : one.gist ? [element("span", { dir: "auto", class: "gist" }, one.gist)] : [];
  const unit = link(one.iri, `${say(`unit_${one.kind.replace("-", "_")}`)}${NO_BREAK}${one.name}`, about);
  const held = one.held ? ` (${say("held", { edition: one.held })})` : "";
  return element("li", {}, element("strong", {}, say(how)), " ", unit, ...(words.length > 0 ? [": ", ...words] : []), held);
}

/** A term of a statement as people read it. */
function readable(term: string, about: Editor, names: Names): string {
  if (term.startsWith("<")) return called(term.slice(1, -1), about, names)?.[0] ?? short(term.slice(1, -1), about.prefixes);
  const text = /^"([\s\S]*)"/.exec(term)?.[1] ?? term;
  return `“${text.replace(/\\([nr"\\])/g, (_, one: string) => ({ n: "\n", r: "\r" })[one] ?? one)}”`;
}

const REASONS: Record<string, string> = { matches: "too_many", walks: "why_walks", untold: "why_untold", computed: "why_computed" };

/** Why claims may be missing. */
export function missing(reason: string): string {
  const first = /^first:(\d+)$/.exec(reason);
  const statements = /^statements:(\d+)$/.exec(reason);
  if (statements) return say("why_statements", { count: figure(Number(statements[1])) });
  return first ? say("why_first", { count: figure(Number(first[1])) }) : say("why_incomplete", { why: REASONS[reason] ? say(REASONS[reason]) : reason });
}

/** A claim as a member of `why` in JSON, as the server's answers have it. */
export function member(claim: Reason): Record<string, unknown> {
  const sentences = claim.sentences.map((one) => ({
    iri: one.iri,
    number: one.number,
    kind: one.kind,
    ...(one.gist ? { gist: one.gist } : {}),
    ...(one.quote ? { quote: one.quote } : {}),
    ...(one.implied ? { implied: true } : {}),
    ...(one.held ? { last_confirmed_in_edition: one.held } : {}),
  }));
  const more: [string, string[]][] = [
    ["notes", claim.notes],
    ["contradicted_by", claim.contradicting.map((one) => one.iri)],
    ["conflicts_with", claim.conflicts.map(([rival]) => rival)],
    ["preferred", claim.preferred],
    ["retracted", claim.retracted],
  ];
  return { claim: claim.claim, statement: claim.statement, sentences, ...Object.fromEntries(more.filter(([, values]) => values.length > 0)) };
}
