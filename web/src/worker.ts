// Runs queries beside the page, so that a long one can be stopped by ending the worker.
import init, { BlankNode, Literal, NamedNode, Quad, Store, type Term } from "oxigraph/web.js";
import { Absences } from "./absence";
import { answered } from "./alternatives";
import { Support } from "./behind";
import { labels_of } from "./labels";
import { engine_mistake, mistake_in } from "./mistakes";
import type { Answer, Names, Note, Request, Value } from "./protocol";
import { calls_aggregate, tokens, with_prefixes } from "./query-tokens";
import { as_it_is, said } from "./said";

const MOST_NAMED = 20_000;

let store: Store | undefined;
let support: Support | undefined;

function value(term: Term): Value {
  if (term instanceof NamedNode) return { type: "uri", value: term.value };
  if (term instanceof BlankNode) return { type: "bnode", value: term.value };
  if (term instanceof Literal) {
    if (term.language) return { type: "literal", value: term.value, "xml:lang": term.language };
    const plain = term.datatype.value === "http://www.w3.org/2001/XMLSchema#string";
    return plain ? { type: "literal", value: term.value } : { type: "literal", value: term.value, datatype: term.datatype.value };
  }
  return { type: "literal", value: term.toString() };
}

/** The names of the IRIs among values. */
function names(values: Iterable<Value>, request: Request): Names {
  const iris = new Set<string>();
  for (const one of values) if (one.type === "uri" && iris.size < MOST_NAMED) iris.add(one.value);
  const found = labels_of(store!, iris, request.labels, request.language);
  for (const iri of iris) {
    const unit = support!.unit_name(iri);
    if (unit) found[iri] = [unit, ""];
  }
  return found;
}

/** Why an answer is empty; what cannot be found out is no reason to lose the answer. */
function notes(request: Request): Note[] {
  try {
    return new Absences(store!, request.prefixes).of(request.query);
  } catch {
    return [];
  }
}

function run(request: Request): Answer {
  const query = with_prefixes(request.query, request.prefixes);
  const { most } = request;
  const started = performance.now();
  const found = answered(store!, query, { use_default_graph_as_union: true });
  const time = performance.now() - started;
  if (typeof found === "boolean") return { kind: "ask", value: found, time, notes: found ? [] : notes(request) };
  if (!Array.isArray(found)) return { kind: "error", said: [as_it_is(String(found))] };
  const first: unknown = found[0];
  if (first === undefined) {
    // which variables an empty answer has is told by its JSON alone; a graph has no such form
    try {
      const text = answered(store!, query, { use_default_graph_as_union: true, results_format: "json" }) as string;
      const variables = (JSON.parse(text) as { head: { vars: string[] } }).head.vars;
      return { kind: "select", variables, rows: [], count: 0, time, names: {}, notes: notes(request), ...(request.why ? { behind: { why: [] } } : {}) };
    } catch {
      return { kind: "graph", triples: [], count: 0, time, names: {}, notes: notes(request) };
    }
  }
  if (first instanceof Quad) {
    const triples = (found as Quad[]).slice(0, most).map((quad) => [value(quad.subject as Term), value(quad.predicate), value(quad.object as Term)] as [Value, Value, Value]);
    return { kind: "graph", triples, count: found.length, time, names: names(triples.flat(), request), notes: [] };
  }
  const variables: string[] = [];
  const rows: Record<string, Value>[] = [];
  const solutions = found as Map<string, Term>[];
  for (const solution of solutions) {
    const row: Record<string, Value> = {};
    for (const [name, term] of solution) {
      if (!variables.includes(name)) variables.push(name);
      row[name] = value(term);
    }
    if (rows.length < most) rows.push(row);
  }
  const void_ = rows.length === 1 && calls_aggregate(tokens(request.query)) && Object.values(rows[0]!).every((one) => one.type === "literal" && one.value === "0");
  const behind = request.why ? support!.explain(request.query, request.prefixes, solutions, variables) : undefined;
  const stated = (behind?.why ?? []).flat().flatMap((claim) => claim.statement.filter((term) => term.startsWith("<")).map((term): Value => ({ type: "uri", value: term.slice(1, -1) })));
  return {
    kind: "select", variables, rows, count: found.length, time,
    names: names([...rows.flatMap((row) => Object.values(row)), ...stated], request),
    notes: void_ ? notes(request) : [],
    ...(behind ? { behind } : {}),
  };
}

self.onmessage = async (event: MessageEvent<Request>): Promise<void> => {
  const request = event.data;
  const tell = (answer: Answer): void => self.postMessage(answer);
  try {
    const mistake = mistake_in(request.query, request.prefixes, request.common);
    if (mistake) {
      tell({ kind: "error", said: mistake.said, mistake });
      return;
    }
    if (!store) {
      tell({ kind: "progress", step: "engine" });
      await init({ module_or_path: request.engine });
      tell({ kind: "progress", step: "data" });
      const response = await fetch(request.dump);
      if (!response.ok) {
        tell({ kind: "error", said: [said("no_data", { status: response.status })] });
        return;
      }
      const text = await response.text();
      const made = new Store();
      made.load(text, { format: "application/n-quads" });
      store = made;
      support = new Support(made, request.claims);
    }
    tell({ kind: "progress", step: "running" });
    tell(run(request));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const mistake = engine_mistake(message, request.query, request.prefixes);
    tell({ kind: "error", said: mistake?.said ?? [as_it_is(message)], ...(mistake ? { mistake } : {}) });
  }
};
