// SPARQL in the page: an editor, the published data in a worker, and what it answers.
import { copy } from "./copy";
import { drawing } from "./drawing";
import { QueryEditor } from "./editor";
import { data, element, figure, needs_host, root, say, tell } from "./page";
import type { Answer, Editor, Mistake, Named, Note, Parameter, Said } from "./protocol";
import { bound } from "./query-text";
import { missing } from "./reasons";
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
  private readonly why = element("input", { type: "checkbox", id: "ask-why" });
  private readonly wrong = new Map<string, string>(); //: what is wrong with values of the question's parameters
  private worker: Worker | undefined;
  private timer = 0;

  constructor(place: HTMLElement, private readonly about: Editor) {
    const host = element("div", { class: "editor" });
    const link = element("button", { type: "button" }, say("copy_link"));
    this.choice.append(element("option", { value: "" }, say("choose")));
    const by_title = [...about.queries].sort((one, other) => one.t.localeCompare(other.t, document.documentElement.lang || undefined, { numeric: true }));
    for (const query of by_title) this.choice.append(element("option", { value: query.n }, query.t));
    const tools = element(
      "p", { class: "tools" }, this.run_button, this.stop_button,
      ...(about.claims ? [element("label", { for: "ask-why", class: "choice" }, this.why, " ", say("why"))] : []),
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
    this.why.addEventListener("change", () => {
      if (this.output.querySelector("table.results")) this.run();
    });
    link.addEventListener("click", async () => {
      const carried = { query: this.editor.text, ...(this.why.checked ? { why: "1" } : {}) };
      history.replaceState(null, "", `#${new URLSearchParams(carried)}`);
      this.status.textContent = (await copy(location.href)) ? say("link_copied") : location.href;
    });
    addEventListener("hashchange", () => this.open());
    this.open();
  }

  /** Takes the query that the address carries. */
  private open(): void {
    const carried = new URLSearchParams(location.hash.slice(1) || location.search.slice(1));
    if (carried.has("why")) this.why.checked = carried.get("why") === "1";
    const named = this.about.queries.find((query) => query.n === carried.get("name"));
    if (named) {
      this.choice.value = named.n;
      const values = Object.fromEntries(named.p.map((p) => [p.n, carried.get(`$${p.n}`) ?? p.v]));
      this.choose(named, values);
      this.run();
    } else {
      this.editor.text = carried.get("query") ?? draft() ?? FIRST;
      if (carried.has("query")) this.run();
    }
  }

  /** Shows a named query, with a field for each of its parameters. */
  private choose(named: Named | undefined, values?: Record<string, string>): void {
    this.fields.replaceChildren();
    this.wrong.clear();
    if (!named) return;
    const current = values ?? Object.fromEntries(named.p.map((p) => [p.n, p.v]));
    const notices = new Map<string, HTMLElement>();
    const write = (): void => {
      const { text, wrong } = bound(named, current, this.about);
      this.editor.text = text;
      this.wrong.clear();
      for (const { n } of named.p) {
        const told = wrong[n] && tell(wrong[n]);
        if (told) this.wrong.set(n, told);
        notices.get(n)!.textContent = told ?? "";
        const field = this.fields.querySelector(`#parameter-${n}`);
        if (told) field?.setAttribute("aria-invalid", "true");
        else field?.removeAttribute("aria-invalid");
      }
    };
    for (const parameter of named.p) {
      const field = this.field(parameter, current[parameter.n] ?? "");
      field.addEventListener("input", () => {
        current[parameter.n] = field.value;
        write();
      });
      const label = element("label", { for: field.id }, parameter.x || parameter.n, " ", element("span", { class: "tag" }, parameter.t));
      const notice = element("span", { class: "bad", id: `wrong-${parameter.n}`, "aria-live": "polite" });
      notices.set(parameter.n, notice);
      this.fields.append(element("p", { class: "tools" }, label, field, notice));
    }
    write();
  }

  /** A field for a parameter: a list where things are asked for and known, else a text with what there is. */
  private field(parameter: Parameter, value: string): HTMLInputElement | HTMLSelectElement {
    const attributes = { id: `parameter-${parameter.n}`, "aria-describedby": `wrong-${parameter.n}` };
    const offered = parameter.c ?? [];
    if (parameter.t !== "iri" || offered.length === 0) {
      const field = element("input", { ...attributes, value });
      if (offered.length > 0) {
        field.setAttribute("list", `values-${parameter.n}`);
        this.fields.append(element("datalist", { id: `values-${parameter.n}` }, ...offered.map((one) => element("option", { value: one }))));
      }
      return field;
    }
    const known = new Map([...this.about.things, ...this.about.terms].map((thing) => [thing.n, thing.l]));
    const own = this.about.prefixes.id ?? "";
    const spelt = offered.find((one) => one === value || one === `id:${value}` || (own && `${own}${one.replace(/^id:/, "")}` === value)) ?? value;
    const all = offered.includes(spelt) ? offered : [spelt, ...offered];
    const field = element("select", attributes, ...all.map((one) => element("option", { value: one }, known.get(one) ?? one)));
    field.value = spelt;
    return field;
  }

  private run(): void {
    this.stop("");
    this.output.replaceChildren();
    this.editor.mark(undefined, "");
    keep(this.editor.text);
    if (this.wrong.size > 0) {
      this.fail([...this.wrong.values()].map((text) => ({ key: "", values: { text } })), undefined);
      return;
    }
    this.worker ??= this.start();
    this.run_button.disabled = true;
    this.stop_button.disabled = false;
    this.status.textContent = say("starting");
    this.worker.postMessage({
      engine: new URL(`${root}scripts/oxigraph.wasm`, location.href).href,
      dump: new URL(root + this.about.dump, location.href).href,
      query: this.editor.text,
      most: MOST,
      why: this.why.checked && this.about.claims !== "",
      prefixes: this.about.prefixes,
      common: this.about.common,
      claims: this.about.claims,
      labels: this.about.labels,
      language: document.documentElement.lang || this.about.language,
    });
  }

  private start(): Worker {
    const worker = new Worker(`${root}scripts/worker.js`);
    worker.addEventListener("message", (event: MessageEvent<Answer>) => this.answer(event.data));
    worker.addEventListener("error", (event) => this.answer({ kind: "error", said: [event.message ? { key: "", values: { text: event.message } } : { key: "no_worker", values: {} }] }));
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
      this.fail(answer.said, answer.mistake);
      return;
    }
    if (answer.kind !== "select" && this.why.checked) this.output.append(element("p", { class: "notice", role: "note" }, say("why_select")));
    const time = `${answer.time < 10 ? answer.time.toFixed(1) : Math.round(answer.time)} ms`;
    if (answer.kind === "ask") {
      this.status.textContent = say(answer.value ? "yes" : "no", { time });
      this.note(answer.notes);
      this.output.append(this.text("JSON", json(answer), "application/sparql-results+json", "answer.json"));
      return;
    }
    const cut = answer.count > MOST ? ` ${say("only_first", { count: figure(MOST) })}` : "";
    const noun = answer.kind === "graph" ? "triple" : "row";
    this.status.textContent = say(answer.count === 1 ? noun : `${noun}s`, { count: figure(answer.count), time }) + cut;
    this.note(answer.notes);
    if (answer.kind === "select") {
      if (answer.behind?.incomplete) this.output.append(element("p", { class: "notice" }, missing(answer.behind.incomplete)));
      this.output.append(
        table(answer.variables, answer.rows, this.about, answer.names, answer.behind),
        element(
          "div", { class: "saves" },
          this.text("CSV", csv(answer.variables, answer.rows), "text/csv", "answer.csv"),
          this.text("JSON", json(answer), "application/sparql-results+json", "answer.json"),
        ),
      );
    } else {
      const rows = answer.triples.map(([s, p, o]) => ({ subject: s, predicate: p, object: o }));
      if (answer.triples.length > 0 && answer.triples.length <= 400) this.output.append(drawing(answer.triples, this.about));
      this.output.append(
        table(["subject", "predicate", "object"], rows, this.about, answer.names),
        this.text("N-Triples", ntriples(answer.triples), "application/n-triples", "answer.nt"),
      );
    }
  }

  /** Shows why an answer is empty, beside it and at its place in the query. */
  private note(notes: Note[]): void {
    this.editor.hint(notes);
    for (const note of notes) this.output.append(element("p", { class: "notice", role: "note" }, tell(note.said, true)));
  }

  /** Shows what is wrong, below the query and at its place in it; the query stays as it is. */
  private fail(sentences: Said[], mistake: Mistake | undefined): void {
    const where = mistake ? ` (${say("at", { line: mistake.line, column: mistake.column })})` : "";
    const told = `${tell(sentences.slice(0, 1))}${where} ${tell(sentences.slice(1))}`.trim();
    this.editor.mark(mistake, tell(sentences));
    this.status.textContent = "";
    const box = element("div", { class: "notice failed" }, element("p", { role: "alert" }, say("query_failed", { why: told })));
    const signs = mistake?.signs ?? [];
    if (signs.length > 0) box.append(element("details", {}, element("summary", {}, say("expected")), element("code", {}, signs.join(" "))));
    this.output.append(box);
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

const DRAFT = `isoc-kg query ${new URL(root || ".", location.href).pathname}`;

/** Keeps a query for when its author comes back to the page. */
function keep(text: string): void {
  try {
    sessionStorage.setItem(DRAFT, text);
  } catch {
    // where nothing may be kept, nothing is
  }
}

function draft(): string | undefined {
  try {
    return sessionStorage.getItem(DRAFT) ?? undefined;
  } catch {
    return undefined;
  }
}

const place = document.querySelector<HTMLElement>("#console");
if (place && !needs_host()) {
  data<Editor>("data/editor.json").then(
    (about) => new Console(place, about),
    (error: unknown) => place.append(say("not_loaded", { why: String(error) })),
  );
}
