// A field above a list in groups: entries with all the words typed stay, and groups that have some.
import { fold_name } from "./search-words";

export function list_filter(): void {
  const place = document.querySelector<HTMLElement>("[data-list-filter]");
  const field = place?.querySelector("input");
  if (!place || !field) return;
  const groups = [...document.querySelectorAll<HTMLElement>("[data-group]")].map((group) => ({
    group,
    entries: [...group.querySelectorAll<HTMLElement>("[data-words]")].map((entry) => ({
      entry,
      words: fold_name(`${entry.textContent ?? ""} ${entry.dataset.words ?? ""} ${group.querySelector("h2")?.textContent ?? ""}`),
    })),
  }));
  const all = groups.reduce((sum, { entries }) => sum + entries.length, 0);
  const status = place.querySelector("[role=status]");
  const navigation = document.querySelector<HTMLElement>("[data-list-filter] + nav");
  const show = (): void => {
    const wanted = fold_name(field.value).split(" ").filter(Boolean);
    let shown = 0;
    for (const { group, entries } of groups) {
      let here = 0;
      for (const { entry, words } of entries) {
        entry.hidden = !wanted.every((word) => words.includes(word));
        if (!entry.hidden) here += 1;
      }
      group.hidden = here === 0;
      shown += here;
    }
    if (navigation) navigation.hidden = wanted.length > 0;
    if (status) status.textContent = wanted.length > 0 ? (place.dataset.listFilter ?? "").replace("{shown}", String(shown)).replace("{all}", String(all)) : "";
  };
  place.hidden = false;
  field.addEventListener("input", show);
  if (field.value) show(); // what the browser has kept
}
