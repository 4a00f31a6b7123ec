// The page of a question: with other values, its answer is worked out in the page, and stands in its address.
import { data, element, figure, needs_host, root, say, tell } from "./page";
import type { Answer, Editor, Named } from "./protocol";
import { bound } from "./query-text";
import { missing } from "./reasons";
import { table } from "./results";

const MOST = 10_000;
const SECONDS = 30;

class Question {
  private readonly status = element("p", { role: "status", class: "status" });
  private about: Editor | undefined;
  private worker: Worker | undefined;
  private timer = 0;
  private busy = false;
  private asked: HTMLElement[] = []; //: the line for the answer that is worked out

  constructor(private readonly form: HTMLFormElement, private readonly place: HTMLElement) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const values = this.values();
      history.replaceState(null, "", `#${values}`);
      void this.ask();
    });
    addEventListener("hashchange", () => this.open());
    this.open();
  }

  private values(): URLSearchParams {
    const values = new URLSearchParams();
    for (const [key, value] of new FormData(this.form)) if (key.startsWith("$") && typeof value === "string") values.set(key, value.trim());
    return values;
  }

  /** Asks with the values that the address carries, if it has any. */
  private open(): void {
    let carried = false;
    for (const [key, value] of new URLSearchParams(location.hash.slice(1))) {
      const field = this.form.elements.namedItem(key);
      if (!key.startsWith("$") || !(field instanceof HTMLInputElement || field instanceof HTMLSelectElement)) continue;
      field.value = value;
      if (field.value !== value) (field as HTMLSelectElement).append(element("option", { value, selected: "" }, value));
      carried = true;
    }
    if (carried) void this.ask();
  }

  private async ask(): Promise<void> {
    if (this.busy) this.stop();
    // what stands there is the answer to what was asked before
    this.place.setAttribute("aria-busy", "true");
    this.place.before(this.status);
    this.status.textContent = say("starting");
    try {
      this.about ??= await data<Editor>("data/editor.json");
    } catch (error) {
      this.fail(say("not_loaded", { why: String(error) }));
      return;
    }
    const about = this.about;
    const named = about.queries.find((query) => query.n === this.form.dataset.query);
    if (!named) return;
    const values = this.values();
    const { text, wrong } = bound(named, Object.fromEntries(named.p.map((p) => [p.n, values.get(`$${p.n}`) ?? p.v])), about);
    for (const { n } of named.p) this.mark(n, wrong[n] ? tell(wrong[n]) : "");
    if (Object.keys(wrong).length > 0) {
      this.finish();
      this.status.textContent = "";
      this.place.replaceChildren();
      return;
    }
    this.lead(named, values);
    this.asked = this.asked_for(named, values);
    this.worker ??= this.start(about);
    this.busy = true;
    this.timer = window.setTimeout(() => {
      this.stop();
      this.fail(say("time_over", { seconds: SECONDS }));
    }, SECONDS * 1000);
    this.worker.postMessage({
      engine: new URL(`${root}scripts/oxigraph.wasm`, location.href).href,
      dump: new URL(root + about.dump, location.href).href,
      query: text, most: MOST, why: about.claims !== "", prefixes: about.prefixes, common: about.common,
      claims: about.claims, labels: about.labels, language: document.documentElement.lang || about.language,
    });
  }

  private start(about: Editor): Worker {
    const worker = new Worker(`${root}scripts/worker.js`);
    worker.addEventListener("message", (event: MessageEvent<Answer>) => this.show(event.data, about));
    worker.addEventListener("error", (event) => {
      this.stop();
      this.fail(event.message || say("no_worker"));
    });
    return worker;
  }

  /** Says beside a field what is wrong with its value. */
  private mark(name: string, told: string): void {
    const field = this.form.elements.namedItem(`$${name}`);
    if (!(field instanceof HTMLElement)) return;
    const id = `wrong-${name}`;
    document.getElementById(id)?.remove();
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
    if (!told) return;
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", id);
    (field.closest("label") ?? field).after(element("p", { class: "bad", id, role: "alert" }, told));
  }

  /** To which values it is the answer, as the page says it of its own. */
  private asked_for(named: Named, values: URLSearchParams): HTMLElement[] {
    if (named.p.length === 0) return [];
    const line = element("p", { class: "hint" }, `${say("answer_for")} `);
    for (const [number, { n, x, v }] of named.p.entries()) {
      const field = this.form.elements.namedItem(`$${n}`);
      const chosen = field instanceof HTMLSelectElement ? field.selectedOptions[0]?.textContent : undefined;
      line.append(`${number > 0 ? "; " : ""}${x || n}: `, element("b", { dir: "auto" }, chosen ?? values.get(`$${n}`) ?? v));
    }
    return [line];
  }

  /** The console's link carries the same values. */
  private lead(named: Named, values: URLSearchParams): void {
    const link = document.querySelector<HTMLAnchorElement>("a[data-console]");
    if (link) link.href = `${root}sparql.html#${new URLSearchParams([["name", named.n], ...values])}`;
  }

  private finish(): void {
    clearTimeout(this.timer);
    this.busy = false;
    this.place.removeAttribute("aria-busy");
  }

  /** Ends the worker, and with it what it has read; else the next question finds the data there. */
  private stop(): void {
    this.finish();
    this.worker?.terminate();
    this.worker = undefined;
  }

  private fail(message: string): void {
    this.finish();
    this.status.textContent = "";
    this.place.replaceChildren(element("p", { class: "notice failed", role: "alert" }, say("query_failed", { why: message })));
  }

  private show(answer: Answer, about: Editor): void {
    if (answer.kind === "progress") {
      this.status.textContent = say(answer.step);
      return;
    }
    if (answer.kind === "error") {
      this.fail(tell(answer.said));
      return;
    }
    this.finish();
    const notes = answer.notes.map((note) => element("p", { class: "notice", role: "note" }, tell(note.said, true)));
    const time = `${Math.max(1, Math.round(answer.time))} ms`;
    this.place.replaceChildren(...this.asked, ...notes);
    if (answer.kind === "ask") {
      this.status.textContent = say(answer.value ? "yes" : "no", { time });
      return;
    }
    const cut = answer.count > MOST ? ` ${say("only_first", { count: figure(MOST) })}` : "";
    this.status.textContent = say(answer.count === 1 ? "row" : "rows", { count: figure(answer.count), time }) + cut;
    if (answer.kind === "graph") {
      const rows = answer.triples.map(([s, p, o]) => ({ subject: s, predicate: p, object: o }));
      this.place.append(table(["subject", "predicate", "object"], rows, about, answer.names, undefined, true));
      return;
    }
    if (answer.behind?.incomplete) this.place.append(element("p", { class: "notice" }, missing(answer.behind.incomplete)));
    if (answer.rows.length > 0) this.place.append(table(answer.variables, answer.rows, about, answer.names, answer.behind, true));
  }
}

const form = document.querySelector<HTMLFormElement>("form[data-query]");
const place = document.querySelector<HTMLElement>("[data-answer]");
if (form && place && !needs_host()) new Question(form, place);
