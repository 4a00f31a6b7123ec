// Runs queries beside the page, so that a long one can be stopped by ending the worker.
import init, { BlankNode, Literal, NamedNode, Quad, Store, type Term } from "oxigraph/web.js";
import type { Answer, Request, Value } from "./protocol";

let store: Store | undefined;

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

function run(query: string, most: number): Answer {
  const started = performance.now();
  const found = store!.query(query, { use_default_graph_as_union: true });
  const time = performance.now() - started;
  if (typeof found === "boolean") return { kind: "ask", value: found, time };
  if (!Array.isArray(found)) return { kind: "error", message: String(found) };
  const first: unknown = found[0];
  if (first === undefined) {
    // which variables an empty answer has is told by its JSON alone; a graph has no such form
    try {
      const text = store!.query(query, { use_default_graph_as_union: true, results_format: "json" }) as string;
      const variables = (JSON.parse(text) as { head: { vars: string[] } }).head.vars;
      return { kind: "select", variables, rows: [], count: 0, time };
    } catch {
      return { kind: "graph", triples: [], count: 0, time };
    }
  }
  if (first instanceof Quad) {
    const triples = (found as Quad[]).slice(0, most).map((quad) => [value(quad.subject as Term), value(quad.predicate), value(quad.object as Term)] as [Value, Value, Value]);
    return { kind: "graph", triples, count: found.length, time };
  }
  const variables: string[] = [];
  const rows: Record<string, Value>[] = [];
  for (const solution of found as Map<string, Term>[]) {
    const row: Record<string, Value> = {};
    for (const [name, term] of solution) {
      if (!variables.includes(name)) variables.push(name);
      row[name] = value(term);
    }
    if (rows.length < most) rows.push(row);
  }
  return { kind: "select", variables, rows, count: found.length, time };
}

self.onmessage = async (event: MessageEvent<Request>): Promise<void> => {
  const request = event.data;
  const tell = (answer: Answer): void => self.postMessage(answer);
  try {
    if (!store) {
      tell({ kind: "progress", step: "engine" });
      await init({ module_or_path: request.engine });
      tell({ kind: "progress", step: "data" });
      const response = await fetch(request.dump);
      if (!response.ok) throw new Error(`the data could not be loaded (${response.status})`);
      const text = await response.text();
      const made = new Store();
      made.load(text, { format: "application/n-quads" });
      store = made;
    }
    tell({ kind: "progress", step: "running" });
    tell(run(request.query, request.most));
  } catch (error) {
    tell({ kind: "error", message: error instanceof Error ? error.message : String(error) });
  }
};
