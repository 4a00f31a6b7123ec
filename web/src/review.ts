// The review in the browser: decisions without loading the page anew, keys, claims out of selected words, live counts.
import { element, say } from "./page";

interface Counts {
  waiting: number;
  accepted: number;
  refused: number;
}

interface Answer {
  error?: string;
  message?: string;
  unit?: string;
  html?: string;
  counts?: Counts;
  revision?: string;
  judged?: string[];
  waiting?: Record<string, string>;
  names?: string[];
}

const RESTARTED = say("restarted");
const LOOKS_EVERY = 3000; // milliseconds
const KEYS_OFF = "isoc-kg-review-keys-off";
const messages = document.querySelector<HTMLElement>("#messages");
const reading = document.querySelector<HTMLElement>("#reading");

async function ask(url: string, form?: URLSearchParams): Promise<Answer> {
  const response = await fetch(url, { headers: { accept: "application/json" }, ...(form && { method: "POST", body: form }) });
  return response.headers.get("content-type")?.startsWith("application/json")
    ? ((await response.json()) as Answer)
    : { error: response.status === 403 ? RESTARTED : say("answered", { status: response.status }) };
}

function tell(text: string, link?: HTMLElement): void {
  messages?.replaceChildren(element("p", { class: "notice" }, text, ...(link ? [" ", link] : [])));
}

function count(counts: Counts | undefined): void {
  if (!counts) return;
  for (const [key, value] of Object.entries(counts)) {
    for (const place of document.querySelectorAll(`[data-count="${key}"]`)) {
      if (place.textContent !== String(value)) place.textContent = String(value);
    }
  }
}

// ---------------------------------------------------------------------- cards

function cards(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-card]")];
}

function row(unit: string): HTMLElement | undefined {
  return [...document.querySelectorAll<HTMLElement>("[data-unit]")].find((one) => one.dataset.unit === unit);
}

/** The card that has the focus. */
function current(): HTMLElement | null {
  return document.activeElement?.closest<HTMLElement>("[data-card]") ?? null;
}

let shown_at = 0; // when a card came under the keys last, as events count time

function show(card: HTMLElement | undefined): void {
  if (!card) return;
  shown_at = performance.now();
  card.closest<HTMLDetailsElement>("details.fold")?.setAttribute("open", "");
  card.focus({ preventScroll: true });
  card.closest("[data-unit]")?.scrollIntoView({ block: "nearest" });
  card.scrollIntoView({ block: "nearest" });
}

/** The card so many behind the one with the focus; the first, or the last, where none has it. */
function step(by: number): void {
  const all = cards();
  const card = current();
  const to = card ? all[all.indexOf(card) + by] : by > 0 ? all[0] : all[all.length - 1];
  if (to) return show(to);
  const onward = by > 0 ? document.querySelector<HTMLAnchorElement>("a[data-onward]") : null;
  const link = onward && (element("a", { href: onward.href }, onward.textContent ?? "") as HTMLAnchorElement);
  tell(say(by > 0 ? "last" : "first"), link ?? undefined);
  link?.focus();
}

/** Puts a sentence as it is now in the place of what the page shows. */
function replace(unit: string, html: string): void {
  const old = row(unit);
  const made = new DOMParser().parseFromString(html, "text/html").querySelector("[data-unit]");
  if (!old || !made) return;
  for (const [number, details] of [...old.querySelectorAll("details")].entries()) {
    if (details.open) made.querySelectorAll("details")[number]?.setAttribute("open", "");
  }
  old.replaceWith(document.adoptNode(made));
}

let busy: Promise<void> = Promise.resolve();

/** Sends a form; one after the other, so that answers come in their order. */
function send(form: HTMLFormElement, submitter: HTMLElement | null): void {
  const values = new URLSearchParams(new FormData(form, submitter) as unknown as Record<string, string>);
  const card = form.closest<HTMLElement>("[data-card]");
  const all = cards();
  const next = card ? (all[all.indexOf(card) + 1] ?? all[all.indexOf(card) - 1])?.dataset.card : undefined;
  const had = card?.contains(document.activeElement) ?? false;
  if (card) card.setAttribute("aria-busy", "true");
  busy = busy.then(async () => {
    const answer = await ask(form.action, values).catch((error: unknown): Answer => ({ error: say("not_sent", { why: String(error) }) }));
    card?.removeAttribute("aria-busy");
    count(answer.counts);
    if (answer.error && answer.unit && answer.html) {
      replace(answer.unit, answer.html); // with the flags that were not on the card
      tell(answer.error);
      return show(cards().find((one) => one.dataset.card === card?.dataset.card));
    }
    if (answer.error) return tell(answer.error);
    if (reading && answer.revision) reading.dataset.revision = answer.revision;
    if (answer.unit && answer.html) replace(answer.unit, answer.html);
    tell(answer.message ?? "");
    if (answer.unit && !card && row(answer.unit)?.querySelector("[data-card]")) show(row(answer.unit)?.querySelector<HTMLElement>("[data-card]") ?? undefined);
    else if (had && next) show(cards().find((one) => one.dataset.card === next));
  });
}

document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (!reading || form.dataset.plain !== undefined) return;
  event.preventDefault();
  send(form, event.submitter);
});

// ---------------------------------------------------------------------- selected words

/** The sentence and the words that are selected in it, to the letter. */
function selected(): { unit: string; quote: string } | undefined {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return undefined;
  const range = selection.getRangeAt(0);
  const start = range.startContainer.parentElement?.closest(".quote");
  const unit = start?.closest<HTMLElement>("[data-unit]")?.dataset.unit;
  if (!start || !unit) return undefined;
  const within = range.cloneRange();
  if (!start.contains(range.endContainer)) within.setEnd(start, start.childNodes.length); // beyond the sentence
  const quote = within.toString().trim();
  return quote ? { unit, quote } : undefined;
}

function propose(): void {
  const words = selected();
  const unit = words?.unit ?? document.activeElement?.closest<HTMLElement>("[data-unit]")?.dataset.unit;
  if (!unit) return tell(say("select"));
  location.href = `/claim?${new URLSearchParams({ unit, ...(words && { quote: words.quote }) })}`;
}

// The links, too, take the words that are selected.
document.addEventListener("click", (event) => {
  const link = (event.target as HTMLElement).closest<HTMLAnchorElement>("a[data-new]");
  const words = selected();
  if (!link || !words || words.unit !== link.closest<HTMLElement>("[data-unit]")?.dataset.unit) return;
  event.preventDefault();
  propose();
});

// ---------------------------------------------------------------------- keys

function keys_on(): boolean {
  try {
    return localStorage.getItem(KEYS_OFF) === null;
  } catch {
    return true;
  }
}

document.addEventListener("keydown", (event) => {
  const target = event.target as HTMLElement;
  if (event.key === "Escape" && target.matches("input, textarea")) return current()?.focus();
  if (event.ctrlKey || event.metaKey || event.altKey || target.matches("input, textarea, select") || !keys_on()) return;
  const card = current();
  const own = card?.querySelector<HTMLElement>(`[data-key="${CSS.escape(event.key)}"]`);
  // A key that is held, or was pressed before the card came, is no decision on it.
  if (own && (event.repeat || event.timeStamp < shown_at)) return event.preventDefault();
  if (own instanceof HTMLInputElement) own.focus();
  else if (own) own.click();
  else if (event.key === "?") location.href = "/keys";
  else if (!reading) return;
  else if (event.key === "n" || event.key === "s" || event.key === "j") step(1);
  else if (event.key === "p" || event.key === "k") step(-1);
  else if (event.key === "u") document.querySelector<HTMLElement>("[data-undo]")?.click();
  else if (event.key === "c") propose();
  else return;
  event.preventDefault();
});

const shortcuts = document.querySelector<HTMLElement>("[data-shortcuts]");
const box = shortcuts?.querySelector<HTMLInputElement>("input");
if (shortcuts && box) {
  shortcuts.hidden = false;
  box.checked = keys_on();
  box.addEventListener("change", () => (box.checked ? localStorage.removeItem(KEYS_OFF) : localStorage.setItem(KEYS_OFF, "1")));
}

// ---------------------------------------------------------------------- what others do

/** Takes over what was decided, proposed or judged elsewhere; what is being typed stays. */
async function look(): Promise<void> {
  if (!reading || document.hidden) return;
  const unjudged = cards().filter((card) => card.dataset.unjudged !== undefined);
  const names = unjudged.slice(0, 20).map((card) => card.dataset.card ?? "");
  const state = await ask(`/state?${new URLSearchParams({ revision: reading.dataset.revision ?? "", judged: names.join(" ") })}`);
  if (state.error === RESTARTED) tell(RESTARTED);
  if (state.error) return;
  count(state.counts);
  const stale = new Set<string>();
  const unit_of = (card: HTMLElement): string => card.closest<HTMLElement>("[data-unit]")?.dataset.unit ?? "";
  for (const card of unjudged) if (state.judged?.includes(card.dataset.card ?? "")) stale.add(unit_of(card));
  if (state.waiting) {
    const shown = new Set(cards().map((card) => card.dataset.card));
    for (const card of cards()) if (!(card.dataset.card! in state.waiting)) stale.add(unit_of(card));
    for (const [name, unit] of Object.entries(state.waiting)) if (!shown.has(name) && row(unit)) stale.add(unit);
    reading.dataset.revision = state.revision;
  }
  for (const unit of stale) {
    const place = row(unit);
    if (!place || [...place.querySelectorAll("input")].some((input) => input.type !== "hidden" && input.value)) continue;
    const answer = await ask(`/row?${new URLSearchParams({ unit })}`);
    const focused = current()?.dataset.card;
    if (!answer.html) continue;
    replace(unit, answer.html);
    if (focused && !current()) show(cards().find((one) => one.dataset.card === focused));
  }
}

if (reading) {
  const hint = document.querySelector<HTMLElement>("[data-selection]");
  if (hint) hint.hidden = false;
  const again = (): void => {
    busy = busy.then(look).catch(() => undefined);
    setTimeout(again, LOOKS_EVERY);
  };
  setTimeout(again, LOOKS_EVERY);
  const asked = location.hash.startsWith("#u-") ? document.getElementById(location.hash.slice(1))?.querySelector<HTMLElement>("[data-card]") : undefined;
  if (asked) show(asked);
}

// ---------------------------------------------------------------------- names of things

for (const input of document.querySelectorAll<HTMLInputElement>("[data-complete]")) {
  const list = input.list;
  const first = list ? [...list.querySelectorAll("option")].map((one) => one.value) : [];
  let waiting = 0;
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(async () => {
      const answer = await ask(`/things?${new URLSearchParams({ q: input.value })}`);
      const names = new Set([...first, ...(answer.names ?? [])]);
      list?.replaceChildren(...[...names].map((value) => element("option", { value })));
    }, 150);
  });
}

