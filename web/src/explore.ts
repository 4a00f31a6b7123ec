// The graph: from a thing to its neighbours and on, or by class; the address keeps what is in view.
import { overview, type Cluster } from "./graph/clusters";
import { finder } from "./graph/finder";
import { layout, type Box, type Layout, type Words } from "./graph/layout";
import { Links, type LinkData } from "./graph/links";
import { kinds, outline, type Choices } from "./graph/outline";
import { key, Picture } from "./graph/picture";
import { hue, HUES, sign, svg } from "./graph/svg";
import { branch, drawn, tree, unfolding, type Branch, type Group, type Item, type Tree, type View } from "./graph/tree";
import { data, element, figure, needs_host, root, say } from "./page";

const NARROW = 600; //: pixels below which there is one column

class Explorer {
  private view: View = { grown: [], unfolded: {} };
  private selected: number | undefined;
  private width = 0;
  private about: Tree | undefined; // what is drawn, without the overview
  private readonly picture: Picture;
  private readonly card = element("div", { class: "card" });
  private readonly list = element("div", { class: "link-list", tabindex: "-1" });
  private readonly legend = element("div", { class: "legend" });
  private readonly status = element("p", { role: "status", class: "hint" });
  private readonly trail = element("nav", { class: "trail", "aria-label": say("trail") });

  constructor(place: HTMLElement, private readonly links: Links) {
    this.picture = new Picture(links, { box: (box) => this.box(box), cluster: (cluster) => this.cluster(cluster), look: (node) => this.look(node) });
    const find = finder(links, (node) => this.go({ id: node, grown: [], unfolded: {} }), (text) => this.tell(say("not_called", { text })));
    const tools = element("div", { class: "tools" }, find);
    if (links.data.start !== null) tools.append(this.begin);
    tools.append(this.whole);
    const zoom = element("div", { class: "zoom", role: "group", "aria-label": say("zoom") });
    for (const [name, text, act] of [["zoom_out", "−", () => this.picture.scale(0.8)], ["zoom_in", "+", () => this.picture.scale(1.25)], ["fit", "⤢", () => this.picture.fit(true)], ["actual", "1:1", () => this.picture.fit(false)]] as const) {
      const button = element("button", { type: "button", title: say(name), ...(/\w/.test(text) ? {} : { "aria-label": say(name) }) }, text);
      button.addEventListener("click", act);
      zoom.append(button);
    }
    tools.append(zoom);
    const left = element("div", { class: "drawn" }, tools, this.trail, this.picture.frame, this.legend, this.status);
    // where it is narrow, what to do stands below the picture, which is seen first
    const hint = document.querySelector("main > .hint")?.cloneNode(true);
    if (hint instanceof HTMLElement) {
      hint.classList.add("below");
      left.append(hint);
    }
    place.append(element("div", { class: "explorer" }, left, this.card, this.list));
    window.addEventListener("popstate", (event) => this.restore(event.state as Record<string, number> | null));
    new ResizeObserver(() => {
      if (Math.abs(this.picture.width - this.width) > 1) this.draw(false, this.picture.focus);
    }).observe(left);
    const focus = new URLSearchParams(location.search).get("focus");
    const node = focus && !location.hash ? links.numbered(focus) : undefined;
    if (node !== undefined) {
      this.view = { id: node, grown: [], unfolded: {} };
      history.replaceState({}, "", `${location.pathname}${this.address()}`);
    }
    this.restore(history.state as Record<string, number> | null);
  }

  private readonly begin = this.button("begin", () => this.go(this.first()));
  private readonly whole = this.button("overview", () => this.go({ grown: [], unfolded: {} }));

  private button(name: string, act: () => void): HTMLElement {
    const button = element("button", { type: "button" }, say(name));
    button.addEventListener("click", act);
    return button;
  }

  private first(): View {
    const { start } = this.links.data;
    return start === null ? { grown: [], unfolded: {} } : { id: start, grown: [], unfolded: {} };
  }

  // -- what is in view, in the address -----------------------------------------

  private address(): string {
    const part = (text: string): string => encodeURIComponent(text).replace(/%2F/g, "/");
    const { id, kind, grown } = this.view;
    const more = grown.length ? `&with=${grown.map((node) => part(this.links.key(node))).join(",")}` : "";
    if (id !== undefined) return `#id=${part(this.links.key(id))}${more}`;
    return kind === undefined ? "#overview" : `#class=${part(this.kind_key(kind))}${more}`;
  }

  private kind_key(kind: number): string {
    return this.links.data.classes[kind]?.u.replace(/^browse\/[^/]*\/|\.html$/g, "") || `_${kind}`;
  }

  private restore(state: Record<string, number> | null): void {
    const hash = new URLSearchParams(location.hash.slice(1));
    const grown = (hash.get("with") ?? "").split(",").flatMap((one) => this.links.numbered(one) ?? []);
    const rest = { grown, unfolded: state ?? {} };
    const id = hash.get("id");
    const kind = hash.get("class");
    this.view = this.first();
    let missing = "";
    if (id !== null) {
      const node = this.links.numbered(id);
      if (node === undefined) missing = id;
      else this.view = { id: node, ...rest };
    } else if (kind !== null) {
      const number = this.links.data.classes.findIndex((_, one) => this.kind_key(one) === kind);
      if (number < 0) missing = kind;
      else this.view = { kind: number, ...rest };
    } else if (hash.has("overview")) this.view = rest;
    this.selected = this.view.grown.at(-1) ?? this.view.id;
    this.draw(true);
    if (missing) this.tell(say("not_called", { text: missing }));
  }

  private go(view: View, selected: number | undefined = view.id): void {
    this.view = view;
    this.selected = selected;
    history.pushState(view.unfolded, "", this.address());
    this.draw(true);
  }

  // -- what a click does ---------------------------------------------------------

  private box(box: Box): void {
    if (box.group) this.unfold(box.group);
    else if (box.folded) this.bunches(box.folded);
    else if (box.item) this.grow(box.item, key(box, this.links));
    else this.look(box.node);
  }

  private grow(item: Item, at?: string): void {
    const { node } = item;
    const grown = this.view.grown.includes(node);
    if (!item.again && (item.more || grown)) {
      this.view = { ...this.view, grown: grown ? this.view.grown.filter((one) => one !== node) : [...this.view.grown, node] };
      this.selected = node;
      history.pushState(this.view.unfolded, "", this.address());
      this.draw(false, this.links.key(node));
      return;
    }
    this.look(node);
    this.picture.choose(item.again ? this.links.key(node) : at);
    if (!item.again) this.tell(say("all_drawn"));
  }

  private unfold(group: Group): void {
    this.view = { ...this.view, unfolded: { ...this.view.unfolded, [group.key]: unfolding(group) } };
    history.pushState(this.view.unfolded, "", this.address());
    this.draw(false, `more ${group.key}`);
  }

  private bunches(folded: Branch["folded"][number]): void {
    this.view = { ...this.view, unfolded: { ...this.view.unfolded, [folded.key]: folded.next } };
    history.pushState(this.view.unfolded, "", this.address());
    this.draw(false, `bunches ${folded.key}`);
  }

  private cluster(cluster: Cluster): void {
    if (cluster.kind < 0) {
      this.view = { ...this.view, unfolded: { kinds: 1 } };
      history.pushState(this.view.unfolded, "", this.address());
      this.draw(false);
    } else this.go({ kind: cluster.kind, grown: [], unfolded: {} });
  }

  private look(node: number | undefined): void {
    if (node === undefined) return;
    this.selected = node;
    this.tell_of(node);
  }

  // -- drawing -------------------------------------------------------------------

  private draw(anew: boolean, at?: string): void {
    const width = this.picture.width;
    if (width < 100) return; // the page is not laid out
    this.width = width;
    const narrow = this.width < NARROW;
    const from = this.list.contains(document.activeElement) ? (document.activeElement as HTMLElement) : undefined;
    const within = from?.dataset["listKey"];
    const top = from ? from.getBoundingClientRect().top : this.picture.top(at);
    const { id, kind } = this.view;
    this.begin.setAttribute("aria-pressed", String(id !== undefined && id === this.links.data.start));
    this.whole.setAttribute("aria-pressed", String(id === undefined && kind === undefined));
    if (id === undefined && kind === undefined) this.draw_overview();
    else this.draw_tree(narrow, anew, at, from ? undefined : top);
    const same = within ? [...this.list.querySelectorAll<HTMLElement>("[data-list-key]")].find((one) => one.dataset["listKey"] === within) : undefined;
    if (!same) return;
    same.focus({ preventScroll: true });
    // the picture above it may be longer than before
    if (top !== undefined) scrollBy({ top: same.getBoundingClientRect().top - top, behavior: "instant" });
  }

  private draw_tree(narrow: boolean, anew: boolean, at: string | undefined, top: number | undefined): void {
    const about = tree(this.links, this.view, narrow);
    this.about = about;
    const words: Words = {
      more: (count) => say("more_of", { count: figure(count) }),
      bunches: (count) => say("more_bunches", { count: figure(count) }),
      caption: ({ name, out }, left) => (out === left ? `← ${name}` : `${name} →`),
    };
    const name = (node: number): string => this.links.name(node);
    const places = layout(about, words, name, this.width, !narrow);
    this.picture.tree(places, at ?? "root", this.selected);
    const way = this.way(about);
    this.list.replaceChildren(outline(about, this.links, this.choices()));
    const items = drawn(about);
    if (this.selected !== undefined) this.tell_of(this.selected);
    else this.tell_of_kind();
    const shown = new Set(items.map(({ node }) => node));
    if (this.view.id !== undefined) shown.add(this.view.id);
    this.explain([...shown].map((node) => this.links.data.nodes[node]!.c), items);
    this.tell(say("drawn_things", { shown: figure(shown.size), all: figure(this.links.data.nodes.length) }));
    if (top !== undefined) this.picture.hold(at, top);
    if (anew && way.length === 0) this.picture.show({ x: 0, y: 0, w: 1, h: 1 }, false);
    else this.reveal(places, way, at, anew);
  }

  /** From the thing in the middle to the one that grew last, by buttons, too. */
  private way(about: Tree): Item[] {
    const last = [...this.view.grown].reverse().find((node) => node === this.selected) ?? this.view.grown.at(-1);
    const way = last === undefined ? [] : branch(about, last);
    const step = (name: string, at: string): HTMLElement => {
      const button = element("button", { type: "button" }, element("bdi", {}, name));
      button.addEventListener("click", () => this.picture.choose(at));
      return button;
    };
    const steps = [step(about.title, "root"), ...way.map(({ node }) => step(this.links.name(node), this.links.key(node)))];
    this.trail.replaceChildren(...(way.length ? [element("ol", {}, ...steps.map((one) => element("li", {}, one)))] : []));
    return way;
  }

  /** Brings into view what was chosen, else what grew last, with what hangs on it; where nothing was in view before, also of the way to it what fits. */
  private reveal({ boxes }: Layout, way: Item[], at: string | undefined, anew: boolean): void {
    const one = boxes.find((box) => key(box, this.links) === at) ?? boxes.find(({ item }) => item && item === way.at(-1));
    if (!one) return;
    const { w, h } = this.picture.room;
    const own = one.item?.grown ? [one.item, ...drawn(one.item)] : [];
    const groups = own.flatMap(({ groups: all }) => all);
    const hanging = boxes.filter(({ item, group, folded }) => (item && own.includes(item)) || (group && groups.includes(group)) || (folded && own.some((item) => item.folded.includes(folded))));
    const first = own.length && anew ? way.slice(0, -1).reverse().map((item) => boxes.find((box) => box.item === item)) : [];
    let area = around([one, ...hanging]);
    // what does not fit is seen from its beginning on, but never without the thing that it hangs on
    if (area.h > h) area = { ...area, y: Math.max(area.y, one.y + one.h - h), h };
    for (const box of [...first, ...(own.length && anew ? [boxes.find(({ what }) => what === "root")] : [])]) {
      if (!box) continue;
      const more = around([area, box]);
      const seen = around([one, box]);
      if (more.w > w || seen.h > h) break;
      area = { ...more, h: Math.min(more.h, h), y: Math.max(more.y, seen.y + seen.h - h) };
    }
    this.picture.show(area, !anew);
  }

  private draw_overview(): void {
    const ties = this.links.ties();
    this.about = undefined;
    const { data: about } = this.links;
    this.trail.replaceChildren();
    const all = (this.view.unfolded["kinds"] ?? 0) > 0;
    const drawing = overview(this.links, this.width, all, {
      rest: (count) => say("more_kinds", { count: figure(count) }),
      tie: ({ properties }) => properties.map(({ property, count }) => `${about.properties[property] ?? ""} ${figure(count)}`),
    });
    this.picture.overview(drawing, undefined);
    this.picture.show({ x: 0, y: 0, w: 1, h: 1 }, false);
    this.list.replaceChildren(kinds(this.links, ties, this.choices()));
    this.card.replaceChildren(element("p", { class: "hint" }, say("overview_hint")));
    this.card.classList.add("free");
    this.legend.replaceChildren();
    this.tell(drawing.left ? say("ties_left", { count: figure(drawing.left) }) : "");
  }

  private choices(): Choices {
    return { grow: (item) => this.grow(item), unfold: (group) => this.unfold(group), bunches: (folded) => this.bunches(folded), kind: (kind) => this.go({ kind, grown: [], unfolded: {} }) };
  }

  private tell(text: string): void {
    this.status.textContent = text;
  }

  /** Beside the picture: what is chosen, by its whole name. */
  private tell_of(node: number): void {
    this.card.classList.remove("free");
    const { l, n, a, u, c } = this.links.data.nodes[node]!;
    const parts: HTMLElement[] = [element("p", { class: "chosen-name" }, this.mark(c), element("b", this.links.language(node), l), ...(n ? [` (${n.join(", ")})`] : []), element("span", { class: "kinds" }, this.links.kind(node)))];
    if (a) parts.push(element("p", { class: "place" }, a));
    if (this.whole_of(node)) parts.push(element("p", { class: "hint" }, say("all_drawn")));
    const tools = element("p", { class: "tools" });
    if (u) tools.append(element("a", { href: root + u }, say("open_page")));
    if (node !== this.view.id) {
      const from_here = element("button", { type: "button" }, say("from_here"));
      from_here.addEventListener("click", () => this.go({ id: node, grown: [], unfolded: {} }));
      tools.append(from_here);
    }
    this.card.replaceChildren(...parts, tools);
  }

  /** Whether everything that a thing is linked to is drawn. */
  private whole_of(node: number): boolean {
    if (!this.about) return false;
    if (node === this.view.id) return this.about.groups.length > 0 && this.about.folded.length === 0 && this.about.groups.every(({ hidden }) => hidden === 0);
    return drawn(this.about).some((item) => item.node === node && !item.again && item.more === 0);
  }

  private tell_of_kind(): void {
    const about = this.links.data.classes[this.view.kind ?? 0];
    if (!about) return;
    this.card.classList.remove("free");
    this.card.replaceChildren(element("p", { class: "chosen-name" }, this.mark(this.view.kind ?? 0), element("b", {}, about.l), element("span", { class: "kinds" }, say("kind_of", { name: "", count: figure(about.n) }).replace(/^[\s:]+/, ""))));
    if (about.u) this.card.append(element("p", { class: "tools" }, element("a", { href: root + about.u }, say("open_page"))));
  }

  private mark(kind: number): SVGElement {
    return svg("svg", { class: "mark", viewBox: "0 0 18 18", width: 18, height: 18, "aria-hidden": "true" }, sign(kind, 9, 9));
  }

  /** What signs and lines mean, of those that are drawn. */
  private explain(classes: number[], items: Item[]): void {
    const list = element("ul", { "aria-label": say("kinds") });
    const present = [...new Set(classes)].sort((a, b) => a - b);
    const own = present.filter((kind) => hue(kind) < HUES - 1 || this.links.data.classes.length <= HUES);
    for (const kind of own) list.append(element("li", {}, this.mark(kind), this.links.data.classes[kind]?.l ?? ""));
    if (own.length < present.length) list.append(element("li", {}, this.mark(-1), say("other_kinds")));
    const states = new Map(items.flatMap(({ link }) => (link?.state ? [[link.state, link.words || say("stated")] as const] : [])));
    for (const [state, words] of states) {
      const line = svg("svg", { class: "mark lines", viewBox: "0 0 30 18", width: 30, height: 18, "aria-hidden": "true" }, svg("path", { class: state, d: "M1 9H29" }));
      list.append(element("li", {}, line, words));
    }
    if (items.some(({ again }) => again)) list.append(element("li", {}, say("without_frame")));
    this.legend.replaceChildren(list);
  }
}

/** What areas take together. */
function around(areas: { x: number; y: number; w: number; h: number }[]): { x: number; y: number; w: number; h: number } {
  const x = Math.min(...areas.map((one) => one.x));
  const y = Math.min(...areas.map((one) => one.y));
  return { x, y, w: Math.max(...areas.map((one) => one.x + one.w)) - x, h: Math.max(...areas.map((one) => one.y + one.h)) - y };
}

const place = document.querySelector<HTMLElement>("#graph");
if (place && !needs_host()) {
  data<LinkData>("data/graph.json").then(
    (about) => {
      for (const list of document.querySelectorAll("[data-graph-list]")) list.remove();
      new Explorer(place, new Links(about));
    },
    (error: unknown) => place.append(say("not_loaded", { why: String(error) })),
  );
}
