import type { Editor, Named, Parameter, Said } from "./protocol";
import { literal_token, pattern_opening, tokens } from "./query-tokens";
import { said } from "./said";

/** A parameter's term as N-Triples write it, or why its value is none of its type: as the command line has it. */
export function term_of_type(given: string, parameter: Parameter, about: Editor): { term: string } | { wrong: Said[] } {
  const type = parameter.t;
  const value = given.trim();
  if (!value) return { wrong: [said("wrong_empty", { name: parameter.n }), give(parameter)] };
  if (type === "iri") return iri_of(value, about);
  if (type === "text") return { term: literal_token(value) };
  if (type.startsWith("@")) return { term: literal_token(value, type.slice(1).toLowerCase()) };
  const colon = type.indexOf(":");
  const datatype = type.startsWith("<") ? type.slice(1, -1) : (about.prefixes[type.slice(0, colon)] ?? "") + type.slice(colon + 1);
  if (parameter.r && !(new RegExp(parameter.r).test(value) && is_day(value))) {
    return { wrong: [said("wrong_value", { value: value.slice(0, 100), name: parameter.n }), give(parameter)] };
  }
  return { term: literal_token(value, "", datatype) };
}

/** What to give for a parameter: “Give a year, such as 2014.” */
function give(parameter: Parameter): Said {
  const kind = said(`value_${parameter.k}`, { type: parameter.t.replace(/^@/, "") });
  return parameter.e ? said("give_such", { kind, such: parameter.e }) : said("give", { kind });
}

/** Whether a month has the day that a date names. */
function is_day(value: string): boolean {
  const date = /^-?(\d{4,9})-(\d\d)-(\d\d)/.exec(value);
  if (!date) return true;
  const [year, month, day] = date.slice(1).map(Number) as [number, number, number];
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return day <= [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]!;
}

function iri_of(value: string, about: Editor): { term: string } | { wrong: Said[] } {
  const colon = value.indexOf(":");
  const prefix = value.slice(0, colon);
  let iri = value;
  if (value.startsWith("<") && value.endsWith(">")) iri = value.slice(1, -1);
  else if (colon < 0) iri = (about.prefixes.id ?? "") + value;
  else if (prefix in about.prefixes) iri = about.prefixes[prefix] + value.slice(colon + 1);
  else if (!value.slice(colon + 1).startsWith("//") && prefix !== "urn") {
    return { wrong: [said("wrong_value_prefix", { value: value.slice(0, 100), prefixes: Object.keys(about.prefixes).sort().join(", ") })] };
  }
  if (!/^[A-Za-z][\w+.-]*:[^<>"{}|^`\\\u0000-\u0020]*$/.test(iri)) return { wrong: [said("wrong_value_iri", { value: value.slice(0, 100) })] };
  return { term: `<${iri}>` };
}

/** A named query with values for its parameters, as a VALUES clause where its pattern begins; what is wrong by parameter. */
export function bound(named: Named, values: Record<string, string>, about: Editor): { text: string; wrong: Record<string, Said[]> } {
  const wrong: Record<string, Said[]> = {};
  const clauses: string[] = [];
  for (const parameter of named.p) {
    const found = term_of_type(values[parameter.n] ?? "", parameter, about);
    if ("wrong" in found) wrong[parameter.n] = found.wrong;
    else clauses.push(`VALUES ?${parameter.n} { ${written(found.term, about)} }`);
  }
  const query = tokens(named.q);
  const opening = pattern_opening(query);
  if (clauses.length === 0 || opening < 0) return { text: named.q, wrong };
  const start = query[opening]!.start + 1;
  return { text: `${named.q.slice(0, start)} ${clauses.join(" ")}${named.q.slice(start)}`, wrong };
}

/** A term with prefixes where they fit, to be read. */
function written(term: string, about: Editor): string {
  return term.replace(/<([^<>]*)>$/, (whole, iri: string) => {
    for (const [prefix, namespace] of Object.entries(about.prefixes)) {
      const local = iri.slice(namespace.length);
      if (iri.startsWith(namespace) && /^[A-Za-z0-9_](?:[\w.-]*[\w-])?$/.test(local)) return `${prefix}:${local}`;
    }
    return whole;
  });
}
