import type { Named } from "./protocol";

const TOKEN = /#[^\n\r]*|<[^<>"{}|^`\\\u0000-\u0020]*>|"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|([A-Za-z][\w.-]*)?:/g;

/** The query with a declaration for each prefix that it uses and does not declare; on one line, so that lines stay. */
export function with_prefixes(query: string, prefixes: Record<string, string>): string {
  const declared = new Set([...query.matchAll(/\bPREFIX\s+([A-Za-z][\w.-]*)?:/gi)].map((match) => match[1] ?? ""));
  const used = new Set<string>();
  for (const match of query.matchAll(TOKEN)) {
    if (match[0].endsWith(":") && !match[0].startsWith("#") && !match[0].startsWith("<")) used.add(match[1] ?? "");
  }
  const missing = [...used].filter((prefix) => !declared.has(prefix) && prefix in prefixes);
  return missing.map((prefix) => `PREFIX ${prefix}: <${prefixes[prefix]}> `).join("") + query;
}

/** A parameter's value as a SPARQL term of the type that the named query declares. */
export function term(value: string, type: string): string {
  const text = `"${value.replace(/[\\"]/g, "\\$&").replace(/\n/g, "\\n").replace(/\r/g, "\\r").replace(/\t/g, "\\t")}"`;
  if (type === "iri") {
    if (/^<[^<>"{}|^`\\\s]*>$/.test(value) || /^[A-Za-z][\w.-]*:[\w.-]*$/.test(value)) return value;
    return `<${value.replace(/[<>"{}|^`\\\s]/g, encodeURIComponent)}>`;
  }
  if (type.startsWith("@")) return text + type;
  return type.includes(":") ? `${text}^^${type}` : text;
}

/** A named query with values for its parameters: a VALUES clause where its pattern begins. */
export function bound(named: Named, values: Record<string, string>): string {
  const given = named.p.filter((parameter) => values[parameter.n]);
  if (given.length === 0) return named.q;
  const clauses = given.map((parameter) => `VALUES ?${parameter.n} { ${term(values[parameter.n] ?? "", parameter.t)} }`).join(" ");
  const start = pattern_start(named.q);
  return start < 0 ? named.q : `${named.q.slice(0, start)} ${clauses}${named.q.slice(start)}`;
}

/** Where the query's pattern begins: behind its first brace that follows WHERE, or the form's own. */
function pattern_start(query: string): number {
  const plain = query.replace(TOKEN, (part) => (part.endsWith(":") && !part.startsWith("#") ? part : " ".repeat(part.length)));
  const where = /\bWHERE\s*\{/i.exec(plain);
  if (where) return where.index + where[0].length;
  return plain.indexOf("{") + 1 || -1;
}
