import type { Found } from "./index-search";
import { element, opened_as_file, root } from "./page";

/** Suggestions below the search box (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/). */
export function suggestions(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-search]");
  const field = form?.querySelector<HTMLInputElement>("input[name=q]");
  if (!form || !field || opened_as_file) return;
  const list = element("ul", { id: "suggestions", role: "listbox", "aria-label": form.dataset.search ?? "" });
  const note = element("p", { class: "note", hidden: "" });
  const box = element("div", { class: "suggestions", hidden: "" }, note, list);
  // says how many there are to whoever does not see them
  const status = element("p", { role: "status", class: "hidden" });
  form.append(box);
  field.addEventListener("input", () => form.append(status), { once: true });
  for (const [key, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": "suggestions", "aria-autocomplete": "list" })) {
    field.setAttribute(key, value);
  }
  let entries: Found[] = [];
  let active = -1;

  const close = (): void => {
    box.hidden = true;
    status.textContent = "";
    active = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };
  const mark = (position: number): void => {
    active = position;
    for (const [number, item] of [...list.children].entries()) {
      item.setAttribute("aria-selected", String(number === active));
      if (number === active) item.scrollIntoView({ block: "nearest" });
    }
    if (active < 0) field.removeAttribute("aria-activedescendant");
    else field.setAttribute("aria-activedescendant", `suggestion-${active}`);
  };
  const show = async (): Promise<void> => {
    const text = field.value;
    await load();
    if (text !== field.value) return;
    const results = text.trim() ? await globalThis.isocKgFind?.(text, 8) : undefined;
    if (text !== field.value || document.activeElement !== field) return;
    const marked = entries[active]?.href; // stays marked where the letters just typed leave it in the list
    entries = results?.found ?? [];
    const words = results?.words ?? {};
    list.replaceChildren(...entries.map((found, number) => option(found, number, words)));
    note.hidden = !results?.partial;
    note.textContent = results?.partial ? (words["partly"] ?? "") : "";
    box.hidden = entries.length === 0;
    const count = `${entries.length} ${list.getAttribute("aria-label") ?? ""}`;
    status.textContent = text.trim() ? [note.textContent, count].filter(Boolean).join(" ") : "";
    field.setAttribute("aria-expanded", String(!box.hidden));
    mark(entries.findIndex((found) => found.href === marked));
  };
  const option = (found: Found, number: number, words: Record<string, string>): HTMLElement => {
    const { entry, kind } = found;
    const item = element("li", { id: `suggestion-${number}`, role: "option", "aria-selected": "false" });
    const name = entry.a ? `${entry.l} (${entry.a})` : entry.l;
    const label = kind === "sentence" ? entry.d || entry.p || entry.l : name;
    const short = label.length > 120 ? `${label.slice(0, 120)}…` : label;
    item.append(element("span", { class: "label", dir: "auto", ...(entry.g ? { lang: entry.g } : {}) }, short), " ");
    const class_ = kind === "thing" || kind === "document" ? entry.c?.split(", ")[0] : found.reason.kind === "keyword" ? found.reason.text : "";
    // of a sentence the line below says what it is
    if (kind !== "sentence") item.append(element("span", { class: "kinds" }, `${words[kind] ?? kind}${class_ ? `\u00a0· ${class_}` : ""}`));
    const because = globalThis.isocKgWhy?.(found, words);
    if (because) item.append(" ", element("span", { class: "why", dir: "auto" }, because));
    item.addEventListener("mousedown", (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      location.href = root + found.href;
    });
    return item;
  };
  field.addEventListener("input", () => void show().catch(close));
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // the keys belong to the input method
    if (box.hidden) {
      if (event.key === "ArrowDown" && field.value.trim()) {
        event.preventDefault();
        void show().catch(close);
      }
      return;
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark(((active + 1 + step + entries.length + 1) % (entries.length + 1)) - 1);
    } else if (event.key === "Escape") {
      event.preventDefault(); // the text stays; a second Escape clears it
      close();
    } else if (event.key === "Enter" && entries[active]) {
      event.preventDefault();
      location.href = root + (entries[active]?.href ?? "");
    }
  });
}

let loading: Promise<void> | undefined;

function load(): Promise<void> {
  if (globalThis.isocKgFind) return Promise.resolve();
  loading ??= new Promise((resolve, reject) => {
    const script = element("script", { src: `${root}scripts/search.js` });
    script.addEventListener("load", () => resolve());
    script.addEventListener("error", () => reject(new Error("search.js")));
    document.head.append(script);
  });
  return loading;
}
