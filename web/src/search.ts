// Full-text search; loaded on the search page, and by others when somebody begins to type.
import { find, type Found, full_name, type Kind, KINDS, type Results, why } from "./index-search";
import { as_written } from "./reason";
import { element, figure, needs_host, root, say } from "./page";

declare global {
  // How the script of every page reaches this one once it is loaded.
  var isocKgFind: typeof find | undefined;
  var isocKgWhy: typeof why | undefined;
}
globalThis.isocKgFind = find;
globalThis.isocKgWhy = why;

const OF_EACH = 10;
const OF_ONE = 100;

async function results(container: HTMLElement): Promise<void> {
  const parameters = new URLSearchParams(location.search);
  const text = (parameters.get("q") ?? "").trim();
  const only = KINDS.find((kind) => kind === parameters.get("kind"));
  const field = document.querySelector<HTMLInputElement>("form[data-search] input[name=q]");
  if (field) field.value = text;
  if (needs_host()) return;
  const status = element("p", { role: "status" });
  if (!text) {
    status.textContent = say("type");
    container.replaceChildren(status);
    field?.focus();
    return;
  }
  document.title = `${text} – ${document.title}`;
  const shown = await find(text, only ? OF_ONE : OF_EACH, only ?? "each");
  const count = [...shown.counts.values()].reduce((sum, one) => sum + one, 0);
  const some = shown.partial ? "found_partly" : count === shown.whole ? "found" : "found_whole";
  const key = count === 0 ? "none_found" : count === 1 && !shown.partial ? "one_found" : some;
  status.textContent = say(key, { count: figure(count), whole: figure(shown.whole), text });
  const best = shown.found.slice(0, OF_EACH).map(({ entry }) => entry);
  const meant = [...shown.meant].map(([word, words]) => element("p", { class: "meant" }, say("meant", { word, words: words.map((one) => as_written(one, best)).join(", ") })));
  const further = document.querySelector<HTMLElement>("[data-search-further]");
  if (further) further.hidden = count > 0;
  container.replaceChildren(status, ...meant, ...groups(shown, text, only));
}

/** The results by kind, the kind of the best one first. */
function groups(shown: Results, text: string, only: Kind | undefined): HTMLElement[] {
  const kinds = [...new Set(shown.found.map(({ kind }) => kind))];
  return kinds.map((kind) => {
    const members = shown.found.filter((one) => one.kind === kind);
    const count = shown.counts.get(kind) ?? 0;
    const heading = element("h2", { id: `found-${kind}` }, `${shown.words[`${kind}s`] ?? kind} `, element("span", { class: "muted" }, figure(count)));
    const section = element("section", { "aria-labelledby": `found-${kind}` }, heading, element("ul", { class: "entries" }, ...members.map((one) => item(one, shown.words))));
    if (count > members.length) {
      const query = new URLSearchParams({ q: text, kind });
      const more = only
        ? element("p", { class: "muted" }, say("best_shown", { count: figure(members.length) }))
        : element("p", {}, element("a", { href: `?${query}` }, say("all_of_kind", { count: figure(count), kind: shown.words[`${kind}s`] ?? kind })));
      section.append(more);
    }
    return section;
  });
}

function item(found: Found, words: Record<string, string>): HTMLElement {
  const { entry } = found;
  const sentence = found.kind === "sentence";
  const link = element("a", { href: root + found.href, ...(entry.g ? { lang: entry.g } : {}), dir: "auto" }, sentence ? (entry.p ?? entry.l) : full_name(entry));
  const kinds = sentence ? entry.o : found.reason.kind === "keyword" ? found.reason.text : entry.c;
  const line = sentence ? entry.d : why(found, words) || entry.d;
  const result = element("li", {}, link);
  if (kinds) result.append(" ", element("span", { class: "kinds", dir: "auto" }, kinds));
  if (line) result.append(element("span", { class: "place", dir: "auto" }, line));
  return result;
}

const container = document.querySelector<HTMLElement>("[data-search-results]");
if (container) {
  results(container).catch((error: unknown) => {
    container.textContent = say("not_loaded", { why: String(error) });
  });
}
