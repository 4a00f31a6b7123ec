// The whole as a graph: by class, by search, and from neighbour to neighbour.
import cytoscape, { type Core, type ElementDefinition, type NodeSingular } from "cytoscape";
import { data, element, needs_host, root, say } from "./page";

interface GraphData {
  classes: string[];
  closed: number[]; // classes whose things are not drawn at first, since everything hangs on them
  predicates: string[];
  nodes: { u: string; l: string; c: number; d: number }[];
  edges: [number, number, number][];
}

const ALL_AT_ONCE = 600; //: with more nodes than this, classes begin as one bubble each
const FORCES = 450; //: up to here the layout may simulate forces
const APART = 44; //: pixels between nodes that are laid out without forces
const SHOWN = 1500; //: nodes drawn at once; the best linked ones come first
const HUES = [188, 28, 262, 140, 340, 52, 220, 100, 300, 0, 165, 75];

class Explorer {
  private readonly open = new Set<number>();
  private readonly links = new Map<number, { other: number; predicate: number; out: boolean }[]>();
  private readonly status = element("p", { role: "status", class: "hint" });
  private readonly panel = element("div", { class: "panel", "aria-live": "polite" });
  private readonly canvas = element("div", { class: "canvas", tabindex: "0", role: "application", "aria-label": say("canvas") });
  private readonly graph: Core;

  constructor(place: HTMLElement, private readonly about: GraphData) {
    const boxes = element("fieldset", { class: "legend" }, element("legend", {}, say("kinds")));
    const counts = about.classes.map((_, number) => about.nodes.filter((node) => node.c === number).length);
    const small = about.nodes.length <= ALL_AT_ONCE;
    about.classes.forEach((name, number) => {
      if (small && !about.closed.includes(number)) this.open.add(number);
      const box = element("input", { type: "checkbox" });
      box.checked = this.open.has(number);
      box.addEventListener("change", () => {
        if (box.checked) this.open.add(number);
        else this.open.delete(number);
        this.draw();
      });
      const spot = element("span", { class: "spot", "aria-hidden": "true" });
      spot.style.background = this.colour(number);
      boxes.append(element("label", {}, box, spot, ` ${name} `, element("span", { class: "count" }, String(counts[number]))));
    });
    for (const [source, target, predicate] of about.edges) {
      this.link(source, { other: target, predicate, out: true });
      this.link(target, { other: source, predicate, out: false });
    }
    const field = element("input", { type: "search", id: "find-node", list: "node-names", autocomplete: "off" });
    const names = element("datalist", { id: "node-names" });
    for (const node of about.nodes.slice(0, 5000)) names.append(element("option", { value: node.l }));
    const search = element("form", { class: "tools" }, element("label", { for: "find-node" }, say("find")), field, names, element("button", {}, say("show")));
    search.addEventListener("submit", (event) => {
      event.preventDefault();
      this.find(field.value);
    });
    const fit = element("button", { type: "button" }, say("show_all"));
    fit.addEventListener("click", () => this.graph.fit(undefined, 30));
    search.append(fit);
    this.panel.append(element("p", { class: "hint" }, say("panel")));
    place.append(search, element("div", { class: "explorer" }, boxes, this.canvas, this.panel), this.status);
    // Cytoscape would add a style element, which the site's policy forbids; its one rule stands in our style sheet
    document.head.append(element("meta", { id: "__________cytoscape_stylesheet", name: "cytoscape", content: "" }));
    this.graph = cytoscape({ container: this.canvas, minZoom: 0.05, maxZoom: 4, style: this.style() });
    this.graph.on("tap", "node", (event) => this.tap(event.target as NodeSingular));
    this.graph.on("tap", (event) => {
      if (event.target === this.graph) this.graph.elements().removeClass("near far").unselect();
    });
    this.graph.on("dbltap", "node", (event) => {
      const address = (event.target as NodeSingular).data("u") as string | undefined;
      if (address) location.href = root + address;
    });
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("themechange", () => this.graph.style(this.style()));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.graph.style(this.style()));
    this.draw();
    const focus = new URLSearchParams(location.search).get("focus");
    const first = about.nodes.findIndex((node) => node.u === focus);
    if (first >= 0) this.select(first);
  }

  private link(number: number, link: { other: number; predicate: number; out: boolean }): void {
    const known = this.links.get(number);
    if (known) known.push(link);
    else this.links.set(number, [link]);
  }

  private colour(number: number): string {
    const hue = HUES[number % HUES.length] ?? 0;
    return `hsl(${hue}, ${number < HUES.length ? 55 : 25}%, 48%)`;
  }

  private style(): cytoscape.StylesheetJson {
    const look = getComputedStyle(document.documentElement);
    const value = (name: string): string => look.getPropertyValue(name).trim();
    return [
      { selector: "node", style: { label: "data(label)", "background-color": "data(colour)", width: "data(size)", height: "data(size)", color: value("--ink"), "font-size": "data(text)", "min-zoomed-font-size": 9, "text-valign": "bottom", "text-margin-y": 3, "text-wrap": "ellipsis", "text-max-width": "data(wide)", "text-outline-color": value("--paper"), "text-outline-width": 2 } },
      { selector: "node[cluster]", style: { shape: "round-rectangle", "font-weight": "bold", "text-margin-y": 5, "min-zoomed-font-size": 0 } },
      { selector: "edge", style: { width: "data(width)", "line-color": value("--muted"), "target-arrow-color": value("--muted"), opacity: 0.35, "target-arrow-shape": "triangle", "arrow-scale": 0.7, "curve-style": "bezier" } },
      { selector: "node.near", style: { "border-width": 2, "border-color": value("--accent"), "min-zoomed-font-size": 0 } },
      { selector: "edge.near", style: { "line-color": value("--accent"), "target-arrow-color": value("--accent"), opacity: 1, width: 2 } },
      { selector: "node.far", style: { opacity: 0.2, label: "" } },
      { selector: "edge.far", style: { opacity: 0.06 } },
      { selector: "node:selected", style: { "border-width": 4, "border-color": value("--ink"), "min-zoomed-font-size": 0, "font-weight": "bold" } },
    ] as cytoscape.StylesheetJson;
  }

  /** Draws what is open node by node, and every other class as one bubble. */
  private draw(extra?: number): void {
    const { nodes, classes, edges } = this.about;
    const open = nodes.map((_, number) => number).filter((number) => this.open.has(nodes[number]!.c));
    open.sort((a, b) => nodes[b]!.d - nodes[a]!.d);
    const shown = new Set(open.slice(0, SHOWN));
    if (extra !== undefined) shown.add(extra);
    const many = nodes.length > ALL_AT_ONCE;
    const name = (number: number): string | undefined => (shown.has(number) ? `n${number}` : many && !this.open.has(nodes[number]!.c) ? `c${nodes[number]!.c}` : undefined);
    const elements: ElementDefinition[] = [];
    for (const number of shown) {
      const node = nodes[number]!;
      elements.push({ data: { id: `n${number}`, number, u: node.u, label: node.l, colour: this.colour(node.c), size: 10 + Math.min(34, Math.sqrt(node.d) * 5), text: 11 + Math.min(22, Math.sqrt(node.d) * 3.2), wide: 120 + Math.min(300, node.d * 12) } });
    }
    if (many) {
      const scale = Math.max(1, Math.sqrt(shown.size) / 6); // as legible as the nodes among them when all is shown
      classes.forEach((label, number) => {
        const members = nodes.filter((node) => node.c === number).length;
        if (!this.open.has(number)) elements.push({ data: { id: `c${number}`, cluster: true, label: `${label} (${members})`, colour: this.colour(number), size: (26 + Math.min(60, Math.sqrt(members) * 2)) * scale, text: 14 * scale, wide: 240 * scale } });
      });
    }
    const bundled = new Map<string, { source: string; target: string; count: number }>();
    for (const [from, to] of edges) {
      const source = name(from);
      const target = name(to);
      if (!source || !target || source === target) continue;
      const key = `${source} ${target}`;
      const known = bundled.get(key);
      if (known) known.count += 1;
      else bundled.set(key, { source, target, count: 1 });
    }
    for (const { source, target, count } of bundled.values()) elements.push({ data: { source, target, width: 1 + Math.min(6, Math.log2(count)) } });
    this.graph.elements().remove();
    this.graph.add(elements);
    const count = elements.length - bundled.size;
    const layout = count <= FORCES && shown.size > 0
      ? { name: "cose", animate: false, randomize: false, numIter: count > 200 ? 400 : 800, nodeRepulsion: () => 40_000, nodeOverlap: 20, idealEdgeLength: () => 90, gravity: 0.6, padding: 24 }
      : { name: "preset", positions: spiral([...shown].map((number) => `n${number}`), elements.flatMap(({ data }) => (data["cluster"] ? [data.id ?? ""] : []))), padding: 30 };
    this.graph.layout(layout as cytoscape.LayoutOptions).run();
    const left = open.length - shown.size;
    this.status.textContent = say(left > 0 ? "best_drawn" : "drawn_of", { shown: shown.size, all: nodes.length, links: bundled.size });
  }

  private tap(node: NodeSingular): void {
    const number = node.data("number") as number | undefined;
    if (number !== undefined) this.select(number);
    else this.expand(Number(node.id().slice(1)));
  }

  private expand(number: number): void {
    document.querySelectorAll<HTMLInputElement>(".legend input")[number]?.click();
  }

  private find(text: string): void {
    const wanted = text.trim().toLowerCase();
    if (!wanted) return;
    const labels = this.about.nodes.map((node) => node.l.toLowerCase());
    const found = labels.indexOf(wanted);
    const near = found >= 0 ? found : labels.findIndex((label) => label.includes(wanted));
    if (near >= 0) this.select(near);
    else this.status.textContent = say("not_called", { text });
  }

  /** Selects a node, shows its neighbours, and lists them beside the graph. */
  private select(number: number): void {
    if (this.graph.getElementById(`n${number}`).empty()) this.draw(number);
    const node = this.graph.getElementById(`n${number}`);
    const near = node.closedNeighborhood();
    this.graph.elements().removeClass("near").addClass("far").unselect();
    node.select();
    near.removeClass("far").addClass("near");
    this.graph.zoom(Math.max(this.graph.zoom(), 1));
    this.graph.center(node);
    const about = this.about.nodes[number]!;
    const list = element("ul");
    for (const { other, predicate, out } of (this.links.get(number) ?? []).slice(0, 200)) {
      const button = element("button", { type: "button", class: "neighbour" }, this.about.nodes[other]!.l);
      button.addEventListener("click", () => this.select(other));
      list.append(element("li", {}, element("span", { class: "hint" }, `${out ? "" : "← "}${this.about.predicates[predicate] ?? ""} `), button));
    }
    this.panel.replaceChildren(
      element("p", { class: "kinds" }, this.about.classes[about.c] ?? ""),
      element("h2", {}, about.l),
      element("p", {}, element("a", { href: root + about.u }, say("open_page"))),
      list,
    );
    this.status.textContent = say("links_of", { name: about.l, links: about.d });
  }

  private key(event: KeyboardEvent): void {
    const steps: Record<string, [number, number]> = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
    const step = steps[event.key];
    const middle = { renderedPosition: { x: this.canvas.clientWidth / 2, y: this.canvas.clientHeight / 2 } };
    if (step) this.graph.panBy({ x: step[0], y: step[1] });
    else if (event.key === "+" || event.key === "=") this.graph.zoom({ level: this.graph.zoom() * 1.25, ...middle });
    else if (event.key === "-") this.graph.zoom({ level: this.graph.zoom() / 1.25, ...middle });
    else if (event.key === "0") this.graph.fit(undefined, 30);
    else if (event.key === "Enter") {
      const address = this.graph.$("node:selected").data("u") as string | undefined;
      if (address) location.href = root + address;
    } else return;
    event.preventDefault();
  }
}

/** Nodes in a spiral, the first in the middle, and bubbles in a circle around them: thousands in no time. */
function spiral(nodes: string[], bubbles: string[]): Record<string, { x: number; y: number }> {
  const places: Record<string, { x: number; y: number }> = {};
  const put = (name: string, radius: number, angle: number): void => {
    places[name] = { x: radius * Math.cos(angle), y: radius * Math.sin(angle) };
  };
  nodes.forEach((name, number) => put(name, APART * Math.sqrt(number), number * Math.PI * (3 - Math.sqrt(5))));
  const around = Math.max(APART * Math.sqrt(nodes.length) * 1.15 + 90, bubbles.length * 28);
  bubbles.forEach((name, number) => put(name, around, (number * 2 * Math.PI) / bubbles.length));
  return places;
}

const place = document.querySelector<HTMLElement>("#graph");
if (place && !needs_host()) {
  data<GraphData>("data/graph.json").then(
    (about) => new Explorer(place, about),
    (error: unknown) => place.append(say("not_loaded", { why: String(error) })),
  );
}
