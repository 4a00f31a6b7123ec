import type { Entry } from "./index-search";
import { element, opened_as_file, root } from "./page";

/** Suggestions below the search box (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/). */
export function suggestions(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-search]");
  const field = form?.querySelector<HTMLInputElement>("input[name=q]");
  if (!form || !field || opened_as_file) return;
  const list = element("ul", { id: "suggestions", role: "listbox", class: "suggestions", hidden: "", "aria-label": form.dataset.search ?? "" });
  form.append(list);
  for (const [key, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": "suggestions", "aria-autocomplete": "list" })) {
    field.setAttribute(key, value);
  }
  let entries: Entry[] = [];
  let active = -1;

  const close = (): void => {
    list.hidden = true;
    active = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };
  const mark = (position: number): void => {
    active = position;
    for (const [number, item] of [...list.children].entries()) item.setAttribute("aria-selected", String(number === active));
    if (active < 0) field.removeAttribute("aria-activedescendant");
    else field.setAttribute("aria-activedescendant", `suggestion-${active}`);
  };
  const show = async (): Promise<void> => {
    const text = field.value;
    await load();
    if (text !== field.value) return;
    entries = text.trim() ? ((await globalThis.isocKgFind?.(text, 8)) ?? []) : [];
    if (text !== field.value) return;
    list.replaceChildren(
      ...entries.map((entry, number) => {
        const item = element("li", { id: `suggestion-${number}`, role: "option", "aria-selected": "false" }, entry.l);
        item.append(element("span", { class: "kinds" }, entry.k));
        item.addEventListener("mousedown", (event) => {
          event.preventDefault();
          location.href = root + entry.i;
        });
        return item;
      }),
    );
    list.hidden = entries.length === 0;
    field.setAttribute("aria-expanded", String(!list.hidden));
    mark(-1);
  };
  field.addEventListener("input", () => void show().catch(close));
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark(((active + 1 + step + entries.length + 1) % (entries.length + 1)) - 1);
    } else if (event.key === "Escape") {
      close();
    } else if (event.key === "Enter" && entries[active]) {
      event.preventDefault();
      location.href = root + (entries[active]?.i ?? "");
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
