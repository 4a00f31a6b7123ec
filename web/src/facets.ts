import { element } from "./page";

/** Puts a box before each facet's link, and shows the entries that fit what is ticked. */
export function facets(): void {
  // On wide screens the theme shows them unfolded, and nothing folds them.
  if (matchMedia("(min-width: 52rem)").matches) {
    for (const facet of document.querySelectorAll<HTMLDetailsElement>("details.facet")) {
      facet.open = true;
      facet.querySelector("summary")?.setAttribute("tabindex", "-1");
    }
  }
  const container = document.querySelector<HTMLElement>('[data-facets=""]');
  if (!container) return;
  const entries = [...container.querySelectorAll<HTMLElement>("[data-keys]")].map((item) => ({
    item,
    keys: new Set((item.dataset.keys ?? "").split(" ")),
  }));
  const status = container.querySelector("[role=status]");
  const boxes: HTMLInputElement[] = [];
  const counts = new Map<HTMLInputElement, Element | null>();
  for (const link of document.querySelectorAll<HTMLAnchorElement>("fieldset[data-facet] a[data-key]")) {
    const box = element("input", { type: "checkbox", value: link.dataset.key ?? "", "aria-label": link.textContent ?? "" });
    link.before(box, " ");
    boxes.push(box);
    counts.set(box, link.parentElement?.querySelector(".count") ?? null);
    box.addEventListener("change", () => {
      const ticked = boxes.filter((one) => one.checked).map((one) => one.value);
      history.replaceState(null, "", ticked.length ? `#${ticked.map(encodeURIComponent).join(",")}` : location.pathname);
      show();
    });
  }
  const facet = (key: string): string => key.slice(0, key.indexOf(":"));
  const chosen = (): Map<string, string[]> => {
    const result = new Map<string, string[]>();
    for (const box of boxes) if (box.checked) result.set(facet(box.value), [...(result.get(facet(box.value)) ?? []), box.value]);
    return result;
  };
  const fits = (keys: Set<string>, wanted: Map<string, string[]>, but = ""): boolean =>
    [...wanted].every(([name, values]) => name === but || values.some((value) => keys.has(value)));
  function show(): void {
    const wanted = chosen();
    let shown = 0;
    for (const { item, keys } of entries) {
      item.hidden = !fits(keys, wanted);
      if (!item.hidden) shown += 1;
    }
    for (const [box, count] of counts) {
      const would = entries.filter(({ keys }) => keys.has(box.value) && fits(keys, wanted, facet(box.value))).length;
      if (count) count.textContent = String(would);
    }
    if (status) {
      const text = container?.dataset.shown ?? "{shown} / {all}";
      status.textContent = text.replace("{shown}", String(shown)).replace("{all}", String(entries.length));
    }
  }
  const linked = new Set(location.hash.slice(1).split(",").map(decodeURIComponent));
  for (const box of boxes) box.checked = linked.has(box.value);
  if (boxes.some((box) => box.checked)) show();
}
