// The list beside the picture: the same in the same order, as links.
import { element, figure, root as site, say } from "../page";
import type { Links, Tie } from "./links";
import type { Branch, Group, Item, Tree } from "./tree";

export interface Choices {
  grow(item: Item): void;
  unfold(group: Group): void;
  bunches(folded: Branch["folded"][number]): void;
  kind(kind: number): void;
}

/** What hangs on a thing or is of a class, with what supports each link. */
export function outline(tree: Tree, links: Links, choices: Choices): HTMLElement {
  const page = "node" in tree.about ? links.data.nodes[tree.about.node]!.u : tree.about.page;
  const title = element("h2", {}, page ? element("a", { href: site + page, ...("node" in tree.about ? links.language(tree.about.node) : {}) }, tree.title) : tree.title);
  const list = element("section", { "aria-label": tree.title }, title);
  const add = (place: HTMLElement, branch: Branch, name: string, first: boolean): void => {
    for (const group of branch.groups) {
      if (group.name) place.append(caption(group, name, first));
      const items = element("ul", { class: "plain" });
      for (const item of group.items) {
        const entry = line(item, links, choices);
        if (item.groups.length) add(entry, item, links.name(item.node), false);
        items.append(entry);
      }
      if (group.hidden) items.append(element("li", {}, more(say("more_of", { count: figure(group.hidden) }), `more ${group.key}`, () => choices.unfold(group))));
      place.append(items);
    }
    for (const folded of branch.folded) {
      place.append(element("p", {}, more([arrow(folded.out ? "→" : "←"), " ", element("bdi", {}, say("more_bunches", { count: figure(folded.count) }))], `bunches ${folded.key}`, () => choices.bunches(folded))));
    }
  };
  add(list, tree, tree.title, true);
  if (tree.groups.length === 0) list.append(element("p", { class: "hint" }, say("no_links")));
  return list;
}

/** The arrow of a line, which turns with the direction of the page. */
function arrow(text: string): HTMLElement {
  return element("span", { class: "arrow", "aria-hidden": "true" }, text);
}

/** The property of a bunch, and which way its links go. */
function caption(group: Group, name: string, first: boolean): HTMLElement {
  const parts = group.out ? [group.name, arrow(" →")] : [arrow("← "), element("span", { class: "hidden" }, `${say("links_to", { name })} `), group.name];
  return element(first ? "h3" : "p", { class: "property-name" }, ...parts);
}

function line({ node, link, again, grown, more: rest }: Item, links: Links, choices: Choices): HTMLElement {
  const name = links.name(node);
  const page = links.data.nodes[node]!.u;
  const entry = element("li", {}, page ? element("a", { href: site + page, ...links.language(node) }, name) : element("bdi", links.language(node), name));
  // what supports a link often begins with the word for its state
  if (link?.words && !link.support.toLowerCase().startsWith(link.words.toLowerCase())) entry.append(" ", element("span", { class: `state ${link.state}` }, link.words));
  if (link?.href) entry.append(" ", element("a", { class: `why ${link.state}`, href: site + link.href }, link.support));
  if (!again && (rest || grown)) {
    const button = element("button", { type: "button", class: "grow", "aria-expanded": String(grown), "data-list-key": links.key(node), dir: "ltr", "aria-label": say(grown ? "fold_of" : "grow_of", { name, count: figure(rest) }) }, grown ? "−" : `+${figure(rest)}`);
    button.addEventListener("click", () => choices.grow({ node, again, grown, more: rest, groups: [], folded: [] }));
    entry.append(" ", button);
  }
  return entry;
}

function more(text: string | (HTMLElement | string)[], key: string, act: () => void): HTMLElement {
  const button = element("button", { type: "button", class: "grow", "data-list-key": key }, ...[text].flat());
  button.addEventListener("click", act);
  return button;
}

/** Every class with the links of its things to those of others. */
export function kinds(links: Links, ties: Tie[], choices: Choices): HTMLElement {
  const list = element("section", { "aria-label": say("kinds") }, element("h2", {}, say("kinds")));
  links.data.classes.forEach(({ l, u, n }, kind) => {
    const button = element("button", { type: "button", class: "grow", "aria-label": say("kind_of", { name: l, count: figure(n) }), "data-list-key": `class ${kind}`, dir: "ltr" }, `+${figure(n)}`);
    button.addEventListener("click", () => choices.kind(kind));
    list.append(element("h3", { class: "property-name" }, u ? element("a", { href: site + u }, l) : l, " ", button));
    const own = ties.filter(({ from }) => from === kind);
    if (own.length === 0) return;
    const items = element("ul", { class: "plain" });
    for (const { to, properties } of own) {
      const names = properties.map(({ property, count }) => `${links.data.properties[property] ?? ""} (${figure(count)})`).join(", ");
      items.append(element("li", {}, element("span", { class: "hint" }, element("bdi", {}, names), " ", arrow("→"), " "), element("bdi", {}, links.data.classes[to]?.l ?? "")));
    }
    list.append(items);
  });
  return list;
}
