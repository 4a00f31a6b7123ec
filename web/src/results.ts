import { element, root, say } from "./page";
import type { Answer, Behind, Editor, Names, Value } from "./protocol";
import { member, missing, reasons } from "./reasons";
import { short } from "./short";

const SHOWN = 1000;
const LONGEST = 100; //: longer names stand elsewhere, and so do those that file systems reserve
const RESERVED = /\/(?:con|prn|aux|nul|index|com\d|lpt\d)(?:[.#/]|$)/;
const XSD = "http://www.w3.org/2001/XMLSchema#";

/** Where the page of an IRI stands, for those whose address needs no table. */
export function address(iri: string, about: Editor): string {
  const page = about.pages[short(iri, about.prefixes).replace(/^<|>$/g, "")];
  if (page) return root + page;
  if (!about.base || !iri.startsWith(about.base)) return /^https?:/.test(iri) ? iri : "";
  const rest = iri.slice(about.base.length);
  if (RESERVED.test(rest) || rest.length > LONGEST) return iri;
  const thing = /^id\/([a-z0-9]+(?:-[a-z0-9]+)*)$/.exec(rest);
  if (thing) return `${root}id/${thing[1]}.html`;
  const claim = /^claim\/([a-z0-9]+(?:-[a-z0-9]+)*)\.([0-9a-f]{16})$/.exec(rest);
  if (claim) return `${root}id/${claim[1]}.html#${claim[2]}`;
  const unit = /^(document\/[a-z0-9-]+(?:\/[a-z0-9-]+)?)(#[\d.]+)?$/.exec(rest);
  if (unit) return `${root}${unit[1]}.html${unit[2] ?? ""}`;
  const term = /^(ontology|shapes)(#[\w-]+)?$/.exec(rest);
  return term ? `${root}${term[1]}.html${term[2] ?? ""}` : iri;
}

//: Datatypes that a value shows by itself.
const PLAIN = new Set(["string", "gYear", "gYearMonth", "date", "dateTime", "integer", "int", "long", "nonNegativeInteger", "positiveInteger", "decimal", "boolean"].map((name) => XSD + name));

/**
 * A term as people read it: a name where there is one, beside the IRI; a literal with its language, or a datatype that
 * its form does not show. In a `plain` table IRIs stand in tooltips alone.
 */
function cell(value: Value | undefined, about: Editor, names: Names, plain: boolean): Node {
  if (!value) return document.createTextNode("");
  if (value.type === "uri") {
    const href = address(value.value, about);
    const text = short(value.value, about.prefixes);
    const name = called(value.value, about, names);
    if (!name) return href ? element("a", { href }, text) : element("code", {}, text);
    const attributes: Record<string, string> = { dir: "auto", ...(name[1] ? { lang: name[1] } : {}) };
    if (plain) attributes.title = text;
    const shown = href ? element("a", { href, ...attributes }, name[0]) : element("span", attributes, name[0]);
    if (plain) return shown;
    return element("span", {}, shown, " ", element("code", { class: "tag", dir: "ltr" }, text));
  }
  if (value.type === "bnode") return element("code", {}, `_:${value.value}`);
  const language = value["xml:lang"] ?? "";
  const datatype = value.datatype ? short(value.datatype, about.prefixes) : "";
  const shows = !value.datatype || PLAIN.has(value.datatype);
  const result = element("span", { dir: "auto", ...(language ? { lang: language } : {}), ...(datatype && shows ? { title: datatype } : {}) }, value.value);
  const tag = language ? (plain && language === document.documentElement.lang ? "" : language) : shows ? "" : datatype;
  if (!tag) return result;
  return element("span", {}, result, " ", element("span", { class: "tag", dir: "ltr" }, tag));
}

/** What pages call an IRI, and in which language that is, where it is not that of the page. */
export function called(iri: string, about: Editor, names: Names): [string, string] | undefined {
  return about.names[short(iri, about.prefixes)] ?? names[iri];
}

/** Whether a column has in each row the name that the link of one other column has, the same column in all. */
function repeats(name: string, variables: string[], rows: Record<string, Value>[], names: Names): boolean {
  if (rows.length === 0 || rows.some((row) => row[name]?.type !== "literal")) return false;
  return variables.some((other) => rows.every((row) => row[other]?.type === "uri" && names[row[other].value]?.[0] === row[name]!.value));
}

/** A table of solutions; past the first thousand rows a button shows more. */
export function table(variables: string[], rows: Record<string, Value>[], about: Editor, names: Names, behind?: Behind, plain = false): HTMLElement {
  if (plain) variables = variables.filter((name) => !repeats(name, variables, rows, names));
  const body = element("tbody");
  const box = element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say("results") });
  const head = element("tr", {}, ...variables.map((name) => element("th", { scope: "col" }, name)));
  box.append(element("table", { class: "results stacked" }, element("thead", {}, head), body));
  let shown = 0;
  const more = element("button", { type: "button" }, say("more_rows"));
  const show = (): void => {
    for (const [number, row] of rows.slice(shown, shown + SHOWN).entries()) {
      const line = element("tr", {}, ...variables.map((name) => element("td", row[name] ? { "data-column": name } : {}, cell(row[name], about, names, plain))));
      body.append(line);
      if (behind) {
        const below = element("td", { colspan: String(Math.max(variables.length, 1)) }, reasons(behind.why[shown + number], about, names));
        line.classList.add("explained");
        body.append(element("tr", { class: "why" }, below));
      }
    }
    shown += SHOWN;
    more.hidden = shown >= rows.length;
  };
  more.addEventListener("click", show);
  show();
  return element("div", {}, box, more);
}

/** SPARQL results in JSON (https://www.w3.org/TR/sparql11-results-json/). */
export function json(answer: Answer): string {
  if (answer.kind === "ask") return JSON.stringify({ head: {}, boolean: answer.value }, null, 1);
  if (answer.kind === "select") {
    const why = answer.behind ? { why: answer.behind.why.map((claims) => claims.map(member)), ...(answer.behind.incomplete ? { why_incomplete: missing(answer.behind.incomplete) } : {}) } : {};
    return JSON.stringify({ head: { vars: answer.variables }, results: { bindings: answer.rows }, ...why }, null, 1);
  }
  return "";
}

/** SPARQL results as CSV (https://www.w3.org/TR/sparql11-results-csv-tsv/). */
export function csv(variables: string[], rows: Record<string, Value>[]): string {
  const field = (value: Value | undefined): string => {
    const text = value ? (value.type === "bnode" ? `_:${value.value}` : value.value) : "";
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [variables.join(","), ...rows.map((row) => variables.map((name) => field(row[name])).join(","))];
  return `${lines.join("\r\n")}\r\n`;
}

/** Triples as N-Triples (https://www.w3.org/TR/n-triples/). */
export function ntriples(triples: [Value, Value, Value][]): string {
  return triples.map((triple) => `${triple.map(token).join(" ")} .\n`).join("");
}

function token(value: Value): string {
  if (value.type === "uri") return `<${value.value}>`;
  if (value.type === "bnode") return `_:${value.value}`;
  const text = `"${value.value.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n").replaceAll("\r", "\\r")}"`;
  if (value["xml:lang"]) return `${text}@${value["xml:lang"]}`;
  return value.datatype && value.datatype !== `${XSD}string` ? `${text}^^<${value.datatype}>` : text;
}
