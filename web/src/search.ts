// Full-text search; loaded on the search page, and by others when somebody begins to type.
import { find } from "./index-search";
import { element, needs_host, root, say } from "./page";

declare global {
  // How the script of every page reaches this one once it is loaded.
  var isocKgFind: typeof find | undefined;
}
globalThis.isocKgFind = find;

async function results(container: HTMLElement): Promise<void> {
  const text = new URLSearchParams(location.search).get("q") ?? "";
  const field = document.querySelector<HTMLInputElement>("form[data-search] input");
  if (field) field.value = text;
  if (needs_host()) return;
  const status = element("p", { role: "status" });
  const list = element("ul", { class: "entries" });
  container.replaceChildren(status, list);
  if (!text.trim()) {
    status.textContent = say("type");
    field?.focus();
    return;
  }
  const found = await find(text, 100);
  status.textContent = say(found.length === 0 ? "none_found" : found.length === 100 ? "best_found" : found.length === 1 ? "one_found" : "found", { count: found.length, text });
  for (const entry of found) {
    const item = element("li", {}, element("a", { href: root + entry.i }, entry.l));
    if (entry.n) item.append(` (${entry.n.join(", ")})`);
    item.append(element("span", { class: "kinds" }, entry.k));
    if (entry.d) item.append(element("span", { class: "place" }, entry.d));
    list.append(item);
  }
}

const container = document.querySelector<HTMLElement>("[data-search-results]");
if (container) {
  results(container).catch((error: unknown) => {
    container.textContent = say("not_loaded", { why: String(error) });
  });
}
