// SPARQL in the page: an editor, the published data in a worker, and what it answers.
import { copy } from "./copy";
import { drawing } from "./drawing";
import { QueryEditor } from "./editor";
import { data, element, figure, needs_host, root, say } from "./page";
import type { Answer, Editor, Named } from "./protocol";
import { bound, with_prefixes } from "./query-text";
import { csv, json, ntriples, table } from "./results";

const MOST = 100_000;
const FIRST = "SELECT ?thing ?label WHERE {\n  ?thing rdfs:label ?label .\n}\nORDER BY ?label\nLIMIT 100\n";

class Console {
  private readonly editor: QueryEditor;
  private readonly status = element("p", { role: "status", class: "status" });
  private readonly output = element("div", { class: "output" });
  private readonly run_button = element("button", { type: "button", class: "primary" }, say("run"));
  private readonly stop_button = element("button", { type: "button", disabled: "" }, say("stop"));
  private readonly limit = element("input", { type: "number", min: "1", max: "3600", value: "30", id: "time-limit" });
  private readonly choice = element("select", { id: "named-query" });
  private readonly fields = element("div", { class: "fields" });
  private worker: Worker | undefined;
  private timer = 0;

  constructor(place: HTMLElement, private readonly about: Editor) {
    const host = element("div", { class: "editor" });
    const link = element("button", { type: "button" }, say("copy_link"));
    this.choice.append(element("option", { value: "" }, say("choose")));
    for (const query of about.queries) this.choice.append(element("option", { value: query.n }, query.t));
    const tools = element(
      "p", { class: "tools" }, this.run_button, this.stop_button,
      element("label", { for: "time-limit" }, say("time_limit")), this.limit, "s", link,
      element("span", { class: "hint" }, say("keys")),
    );
    if (about.queries.length > 0) {
      place.append(element("p", { class: "tools" }, element("label", { for: "named-query" }, say("questions")), this.choice));
    }
    place.append(this.fields, host, tools, this.status, this.output);
    this.editor = new QueryEditor(host, about, () => this.run(), () => this.run_button.focus());
    this.run_button.addEventListener("click", () => this.run());
    this.stop_button.addEventListener("click", () => this.stop(say("stopped")));
    this.choice.addEventListener("change", () => this.choose(about.queries.find((query) => query.n === this.choice.value)));
    link.addEventListener("click", async () => {
      history.replaceState(null, "", `#${new URLSearchParams({ query: this.editor.text })}`);
      this.status.textContent = (await copy(location.href)) ? say("link_copied") : location.href;
    });
    addEventListener("hashchange", () => this.open());
    this.open();
  }

  /** Takes the query that the address carries. */
  private open(): void {
    const carried = new URLSearchParams(location.hash.slice(1) || location.search.slice(1));
    const named = this.about.queries.find((query) => query.n === carried.get("name"));
    if (named) {
      this.choice.value = named.n;
      const values = Object.fromEntries(named.p.map((p) => [p.n, carried.get(`$${p.n}`) ?? p.v]));
      this.choose(named, values);
      this.run();
    } else {
      this.editor.text = carried.get("query") ?? FIRST;
      if (carried.has("query")) this.run();
    }
  }

  /** Shows a named query, with a field for each of its parameters. */
  private choose(named: Named | undefined, values?: Record<string, string>): void {
    this.fields.replaceChildren();
    if (!named) return;
    const current = values ?? Object.fromEntries(named.p.map((p) => [p.n, p.v]));
    for (const parameter of named.p) {
      const field = element("input", { id: `parameter-${parameter.n}`, value: current[parameter.n] ?? "" });
      field.addEventListener("input", () => {
        current[parameter.n] = field.value;
        this.editor.text = bound(named, current);
      });
      const label = element("label", { for: field.id }, parameter.x || parameter.n, " ", element("span", { class: "tag" }, parameter.t));
      this.fields.append(element("p", { class: "tools" }, label, field));
    }
    this.editor.text = bound(named, current);
  }

  private run(): void {
    this.stop("");
    this.output.replaceChildren();
    this.editor.mark(undefined, "");
    this.worker ??= this.start();
    this.run_button.disabled = true;
    this.stop_button.disabled = false;
    this.status.textContent = say("starting");
    this.worker.postMessage({
      engine: new URL(`${root}scripts/oxigraph.wasm`, location.href).href,
      dump: new URL(root + this.about.dump, location.href).href,
      query: with_prefixes(this.editor.text, this.about.prefixes),
      most: MOST,
    });
  }

  private start(): Worker {
    const worker = new Worker(`${root}scripts/worker.js`);
    worker.addEventListener("message", (event: MessageEvent<Answer>) => this.answer(event.data));
    worker.addEventListener("error", (event) => this.answer({ kind: "error", message: event.message || say("no_worker") }));
    return worker;
  }

  /** Ends the worker when it is busy; the next run starts a new one. */
  private stop(told: string): void {
    clearTimeout(this.timer);
    if (!this.stop_button.disabled) {
      this.worker?.terminate();
      this.worker = undefined;
    }
    this.run_button.disabled = false;
    this.stop_button.disabled = true;
    if (told) this.status.textContent = told;
  }

  private answer(answer: Answer): void {
    if (answer.kind === "progress") {
      this.status.textContent = say(answer.step);
      if (answer.step === "running") {
        const seconds = Math.max(1, Number(this.limit.value) || 30);
        this.timer = window.setTimeout(() => this.stop(say("time_over", { seconds })), seconds * 1000);
      }
      return;
    }
    clearTimeout(this.timer);
    this.run_button.disabled = false;
    this.stop_button.disabled = true;
    if (answer.kind === "error") {
      this.fail(answer.message);
      return;
    }
    const time = `${answer.time < 10 ? answer.time.toFixed(1) : Math.round(answer.time)} ms`;
    if (answer.kind === "ask") {
      this.status.textContent = say(answer.value ? "yes" : "no", { time });
      this.output.append(this.text("JSON", json(answer), "application/sparql-results+json", "answer.json"));
      return;
    }
    const cut = answer.count > MOST ? ` ${say("only_first", { count: figure(MOST) })}` : "";
    const noun = answer.kind === "graph" ? "triple" : "row";
    this.status.textContent = say(answer.count === 1 ? noun : `${noun}s`, { count: figure(answer.count), time }) + cut;
    if (answer.kind === "select") {
      this.output.append(
        table(answer.variables, answer.rows, this.about),
        this.text("CSV", csv(answer.variables, answer.rows), "text/csv", "answer.csv"),
        this.text("JSON", json(answer), "application/sparql-results+json", "answer.json"),
      );
    } else {
      const rows = answer.triples.map(([s, p, o]) => ({ subject: s, predicate: p, object: o }));
      if (answer.triples.length > 0 && answer.triples.length <= 400) this.output.append(drawing(answer.triples, this.about));
      this.output.append(
        table(["subject", "predicate", "object"], rows, this.about),
        this.text("N-Triples", ntriples(answer.triples), "application/n-triples", "answer.nt"),
      );
    }
  }

  private fail(message: string): void {
    const found = /(?:at|line) (\d+)(?::|, column )(\d+)/.exec(message);
    const added = with_prefixes(this.editor.text, this.about.prefixes).length - this.editor.text.length;
    const place = found ? { line: Number(found[1]), column: Number(found[2]) } : undefined;
    if (place && place.line === 1) place.column = Math.max(1, place.column - added);
    const shown = place ? message.replace(found?.[0] ?? "", say("at", place)) : message;
    const brief = shown.replace(/(?:, )?\['[^\]]*\]/g, ""); // ranges of characters help nobody
    this.editor.mark(place, brief);
    this.status.textContent = "";
    this.output.append(element("p", { class: "notice bad", role: "alert" }, say("query_failed", { why: brief })));
  }

  /** A text that can be seen, and saved as a file. */
  private text(name: string, text: string, type: string, file: string): HTMLElement {
    const save = element("a", { download: file, class: "save" }, say("download", { name }));
    save.href = URL.createObjectURL(new Blob([text], { type }));
    const shown = text.length > 200_000 ? `${text.slice(0, 200_000)}\n…` : text;
    const box = element("details", {}, element("summary", {}, name), element("pre", { tabindex: "0" }, shown));
    return element("div", { class: "saved" }, box, save);
  }
}

const place = document.querySelector<HTMLElement>("#console");
if (place && !needs_host()) {
  data<Editor>("data/editor.json").then(
    (about) => new Console(place, about),
    (error: unknown) => place.append(say("not_loaded", { why: String(error) })),
  );
}
