// A field that finds things by any of their names (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/).
import { element, say } from "../page";
import type { Found, Links } from "./links";

const MOST = 8;

export function finder(links: Links, choose: (node: number) => void, fail: (text: string) => void): HTMLFormElement {
  const field = element("input", { type: "search", id: "find-node", role: "combobox", autocomplete: "off", placeholder: say("find"), "aria-expanded": "false", "aria-controls": "found-nodes", "aria-autocomplete": "list" });
  const list = element("ul", { id: "found-nodes", role: "listbox", class: "suggestions", "aria-label": say("find"), hidden: "" });
  const form = element("form", { class: "finder", role: "search", "aria-label": say("find") }, element("label", { for: "find-node" }, say("find")), element("div", {}, field, list));
  let found: Found[] = [];
  let active = -1;
  const close = (): void => {
    list.hidden = true;
    active = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };
  const take = (one: Found | undefined): void => {
    if (!one) return;
    field.value = links.name(one.node);
    close();
    choose(one.node);
  };
  const mark = (number: number): void => {
    active = number;
    for (const [place, option] of [...list.children].entries()) option.setAttribute("aria-selected", String(place === active));
    if (active < 0) field.removeAttribute("aria-activedescendant");
    else field.setAttribute("aria-activedescendant", `found-node-${active}`);
  };
  field.addEventListener("input", () => {
    found = links.find(field.value, MOST);
    list.replaceChildren(
      ...found.map((one, number) => {
        const name = links.name(one.node);
        const option = element("li", { id: `found-node-${number}`, role: "option", "aria-selected": "false" }, name);
        const why = one.name === name ? "" : `${one.name} · `;
        option.append(element("span", { class: "kinds" }, `${why}${links.kind(one.node)}`));
        option.addEventListener("mousedown", (event) => {
          event.preventDefault();
          take(one);
        });
        return option;
      }),
    );
    list.hidden = found.length === 0;
    field.setAttribute("aria-expanded", String(!list.hidden));
    mark(-1);
  });
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    if (list.hidden || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : -1;
    mark(((active + 1 + step + found.length + 1) % (found.length + 1)) - 1);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const one = found[Math.max(active, 0)] ?? links.find(field.value, 1)[0];
    if (one) take(one);
    else if (field.value.trim()) fail(field.value);
  });
  return form;
}
