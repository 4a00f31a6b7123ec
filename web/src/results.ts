import { element, root, say } from "./page";
import type { Answer, Editor, Value } from "./protocol";

const SHOWN = 1000;
const LONGEST = 100; //: longer names stand elsewhere, and so do those that file systems reserve
const RESERVED = /\/(?:con|prn|aux|nul|index|com\d|lpt\d)(?:[.#/]|$)/;
const XSD = "http://www.w3.org/2001/XMLSchema#";

/** An IRI with a prefix where one fits. */
export function short(iri: string, about: Editor): string {
  let best = "";
  for (const [prefix, namespace] of Object.entries(about.prefixes)) {
    if (iri.startsWith(namespace) && namespace.length > (about.prefixes[best]?.length ?? 0)) best = prefix;
  }
  const local = iri.slice(about.prefixes[best]?.length ?? 0);
  return best && /^[\w.-]*$/.test(local) ? `${best}:${local}` : `<${iri}>`;
}

/** Where the page of an IRI stands, for those whose address needs no table. */
export function address(iri: string, about: Editor): string {
  if (!iri.startsWith(about.base)) return /^https?:/.test(iri) ? iri : "";
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

function cell(value: Value | undefined, about: Editor): Node {
  if (!value) return document.createTextNode("");
  if (value.type === "uri") {
    const href = address(value.value, about);
    const text = short(value.value, about);
    return href ? element("a", { href }, text) : element("code", {}, text);
  }
  if (value.type === "bnode") return element("code", {}, `_:${value.value}`);
  const result = element("span", { dir: "auto" }, value.value);
  const tag = value["xml:lang"] ?? (value.datatype ? short(value.datatype, about) : "");
  if (!tag) return result;
  return element("span", {}, result, element("span", { class: "tag" }, tag));
}

/** A table of solutions; past the first thousand rows a button shows more. */
export function table(variables: string[], rows: Record<string, Value>[], about: Editor): HTMLElement {
  const body = element("tbody");
  const box = element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say("results") });
  const head = element("tr", {}, ...variables.map((name) => element("th", { scope: "col" }, name)));
  box.append(element("table", { class: "results" }, element("thead", {}, head), body));
  let shown = 0;
  const more = element("button", { type: "button" }, say("more_rows"));
  const show = (): void => {
    for (const row of rows.slice(shown, shown + SHOWN)) {
      body.append(element("tr", {}, ...variables.map((name) => element("td", {}, cell(row[name], about)))));
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
  if (answer.kind === "select") return JSON.stringify({ head: { vars: answer.variables }, results: { bindings: answer.rows } }, null, 1);
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
