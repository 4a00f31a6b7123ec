// The picture: drawn as a layout says, moved through by arrow keys, zoomed by keys, buttons, wheel and fingers.
import { root as site, say } from "../page";
import type { Cluster, Overview } from "./clusters";
import { MARK, ROW, SIDE, type Box, type Layout } from "./layout";
import type { Links } from "./links";
import { hue, sign, svg } from "./svg";

export interface Acts {
  box(box: Box): void; // chosen by a click or a key
  cluster(cluster: Cluster): void;
  look(node: number | undefined): void; // reached by a key, or chosen
}

const LEAST = 0.35;
const MOST = 3;
const SEEN = { "aria-hidden": "true" }; //: of texts that may be cut, and stand whole in the name that is read out
const BAR = 18; //: pixels that a scroll bar takes at most
const EDGE = 14; //: pixels around what is shown

export class Picture {
  readonly frame: HTMLElement;
  private zoom = 1;
  private drawing: SVGElement | undefined;
  private size = { width: 0, height: 0 };

  constructor(private readonly links: Links, private readonly acts: Acts) {
    this.frame = document.createElement("div");
    this.frame.className = "canvas";
    this.frame.addEventListener("keydown", (event) => this.key(event));
    this.frame.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return; // the wheel alone moves the page, as everywhere
      event.preventDefault();
      this.scale(Math.exp(-event.deltaY / 300), event);
    }, { passive: false });
    this.fingers();
  }

  /** Draws things and their links. */
  tree(layout: Layout, at: string | undefined, selected: number | undefined): void {
    const picture = this.begin(layout.left, layout.top, layout.width, layout.height, say("canvas"));
    const lines = svg("g", { class: "lines", "aria-hidden": "true" });
    for (const { path, state, head } of layout.lines) {
      lines.append(svg("path", { d: path, class: state }));
      if (head) {
        const back = head.left ? 8 : -8;
        lines.append(svg("path", { class: "head", d: `M${head.x} ${head.y}l${back} -4.5v9z` }));
      }
    }
    picture.append(lines);
    for (const { x, y, end, text, full } of layout.captions) {
      const caption = svg("text", { class: "caption", x, y, "text-anchor": end ? "end" : "start", "aria-hidden": "true" });
      text.forEach((line, number) => caption.append(svg("tspan", { x, dy: number ? ROW : 0 }, number < text.length - 1 ? `${line} ` : line)));
      if (text.at(-1)?.endsWith("…")) caption.append(svg("title", {}, full));
      picture.append(caption);
    }
    for (const box of layout.boxes) picture.append(this.box(box, selected));
    this.end(picture, at);
  }

  private box(box: Box, selected: number | undefined): SVGElement {
    const { x, y, w, h, text, full, item, what } = box;
    const node = box.node ?? item?.node ?? -1;
    const chosen = node >= 0 && node === selected && !item?.again;
    const language = node >= 0 ? this.links.data.nodes[node]!.g : undefined;
    const group = svg("g", { ...(language ? { lang: language } : {}), class: `box ${what}${item?.again ? " again" : ""}${chosen ? " chosen" : ""}${item?.grown ? " grown" : ""}` });
    const label = this.label(box, node);
    const button = svg("g", { role: "button", tabindex: "-1", "aria-label": label, "data-key": key(box, this.links) });
    if (item && (item.more || item.grown)) button.setAttribute("aria-expanded", String(item.grown));
    if (chosen) button.setAttribute("aria-current", "true");
    group.append(svg("title", {}, label));
    button.append(svg("rect", { x, y, width: w, height: h, rx: what === "more" || what === "bunches" ? h / 2 : 7 }));
    // beside the button, whose name is read out whole, where the words may be cut
    const words: SVGElement[] = [];
    if (what === "more" || what === "bunches") {
      words.push(svg("text", { x: x + w / 2, y: y + h / 2 + 4.5, "text-anchor": "middle", ...SEEN }, text[0] ?? ""));
    } else {
      const kind = node >= 0 ? this.links.data.nodes[node]!.c : (box.kind ?? 0);
      const high = what === "root" ? ROW + 2 : ROW;
      const first = y + (h - high * (text.length + box.state.length)) / 2 + 13;
      button.append(sign(kind, x + 13, first - 4.5));
      text.forEach((line, number) => words.push(svg("text", { class: "name", x: x + MARK, y: first + number * high, ...SEEN }, line)));
      box.state.forEach((line, number) => words.push(svg("text", { class: `state ${item?.link?.state ?? ""}`, x: x + MARK, y: first + (text.length + number) * high, ...SEEN }, line)));
      if (item && (item.more || item.grown)) words.push(svg("text", { class: "grow", x: x + w - SIDE - 4, y: y + h / 2 + 4.5, "text-anchor": "end", ...SEEN }, item.grown ? "−" : `+${item.more}`));
    }
    const choose = (): void => this.acts.box(box);
    button.addEventListener("click", choose);
    button.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      choose();
    });
    // a click tells of it, too, but when it is over: what tells may grow over the box that is being pressed
    button.addEventListener("focus", () => {
      if (button.matches(":focus-visible")) this.acts.look(node >= 0 ? node : undefined);
    });
    group.append(button, ...words);
    const page = node >= 0 ? this.links.data.nodes[node]!.u : (box.page ?? "");
    if (page && (what === "root" || what === "thing")) {
      const open = svg("a", { href: site + page, class: "open", tabindex: "-1", "aria-label": say("open_page_of", { name: full }) });
      open.append(svg("title", {}, say("open_page_of", { name: full })), svg("rect", { x: x + w - SIDE, y: y + h / 2 - 13, width: SIDE - 1, height: 26, rx: 6 }));
      open.append(svg("path", { d: `M${x + w - 17} ${y + h / 2 + 4}l8 -8m-6 0h6v6` }));
      group.append(open);
    }
    return group;
  }

  /** What is read out for a box: the link that leads to it as a sentence, what supports it, and what a click does. */
  private label(box: Box, node: number): string {
    const { item, full } = box;
    if (!item || node < 0) return full;
    const parts = [full, this.links.kind(node)];
    const link = item.link;
    if (link) parts.push(`${link.out ? "→" : "←"} ${this.links.data.properties[link.property] ?? ""}`, link.words, link.support);
    if (item.again) parts.push(say("again"));
    else if (item.more) parts.push(say("more_links", { count: item.more }));
    else if (!item.grown) parts.push(say("all_drawn"));
    return parts.filter(Boolean).join(" · ");
  }

  /** Draws classes and the links between them. */
  overview(about: Overview, at: string | undefined): void {
    const picture = this.begin(0, 0, about.width, about.height, say("canvas_kinds"));
    const lines = svg("g", { class: "lines", "aria-hidden": "true" });
    const names = svg("g", { class: "names", "aria-hidden": "true" });
    for (const { tie, path, width, x, y, w, text, full, further } of about.chords) {
      const kind = `of-${hue(tie.from)}${further ? " further" : ""}`;
      lines.append(svg("path", { d: path, "stroke-width": width, "data-from": tie.from, "data-to": tie.to, class: kind, "marker-end": "url(#graph-arrow)" }));
      const name = svg("g", { class: `chord ${kind}`, "data-from": tie.from, "data-to": tie.to }, svg("title", {}, full), svg("rect", { x: x - w / 2 + 2, y: y - 8, width: w - 4, height: 16, rx: 3 }));
      name.append(svg("text", { x, y: y + 4, "text-anchor": "middle" }, text));
      names.append(name);
    }
    const arrow = svg("marker", { id: "graph-arrow", viewBox: "0 0 8 8", refX: 6, refY: 4, markerWidth: 8, markerHeight: 8, markerUnits: "userSpaceOnUse", orient: "auto" }, svg("path", { class: "head", fill: "context-stroke", d: "M0 0L8 4L0 8z" }));
    picture.append(svg("defs", {}, arrow), lines, names);
    for (const cluster of about.clusters) {
      const { kind, x, y, r, text, count, dots, full, above } = cluster;
      const label = kind < 0 ? full : say("kind_of", { name: full, count });
      const button = svg("g", { role: "button", tabindex: "-1", "aria-label": label, "data-key": `class ${kind}` });
      button.append(svg("circle", { class: "hull", cx: x, cy: y, r }));
      const size = Math.max(1.6, Math.min(5.5, (r - 6) / Math.sqrt(Math.max(dots.length, 1)) / 1.25));
      for (const dot of dots) button.append(sign(kind, x + dot.x, y + dot.y, size));
      if (kind < 0) button.append(svg("path", { class: "plus", d: `M${x - 5} ${y}h10m-5 -5v10` }));
      const lines = [...text, ...(count ? [count.toLocaleString(document.documentElement.lang)] : [])];
      const first = above ? y - r - 8 - 16 * (lines.length - 1) : y + r + 17;
      const place = svg("g", { class: `cluster${kind < 0 ? " rest" : ""}` }, svg("title", {}, label), button);
      lines.forEach((line, number) => place.append(svg("text", { class: number < text.length ? "name" : "count", x, y: first + number * 16, "text-anchor": "middle", ...SEEN }, line)));
      const near = (on: boolean): void => {
        picture.classList.toggle("pointed", on);
        for (const one of picture.querySelectorAll<SVGElement>("[data-from]")) one.classList.toggle("near", on && [one.dataset["from"], one.dataset["to"]].includes(String(kind)));
      };
      place.addEventListener("mouseenter", () => near(true));
      place.addEventListener("mouseleave", () => near(false));
      button.addEventListener("focus", () => near(true));
      button.addEventListener("blur", () => near(false));
      place.addEventListener("click", () => this.acts.cluster(cluster));
      button.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        this.acts.cluster(cluster);
      });
      picture.append(place);
    }
    this.end(picture, at);
  }

  private begin(left: number, top: number, width: number, height: number, label: string): SVGElement {
    this.size = { width, height };
    return svg("svg", { viewBox: `${left} ${top} ${width} ${height}`, role: "group", "aria-label": label });
  }

  /** Shows a picture; who was at a box before is so again. */
  private end(picture: SVGElement, at: string | undefined): void {
    const within = this.frame.contains(document.activeElement);
    this.drawing = picture;
    this.resize();
    this.frame.replaceChildren(picture);
    const all = this.all();
    const same = all.find((one) => one.dataset["key"] === at) ?? all[0];
    same?.setAttribute("tabindex", "0");
    if (within && same) same.focus({ preventScroll: true });
  }

  /** Goes to a box and marks it as the chosen one. */
  choose(key: string | undefined): void {
    const to = this.all().find((one) => one.dataset["key"] === key);
    if (!to) return;
    this.drawing?.querySelectorAll(".chosen").forEach((one) => one.classList.remove("chosen"));
    to.parentElement?.classList.add("chosen");
    this.go(to);
  }

  /** The box that has the focus. */
  get focus(): string | undefined {
    return this.all().find((one) => one === document.activeElement)?.dataset["key"];
  }

  /** How far down a box is on the screen. */
  top(key: string | undefined): number | undefined {
    return this.all().find((one) => one.dataset["key"] === key)?.getBoundingClientRect().top;
  }

  /** Puts a box of a new picture where it was on the screen before: the picture moves, and the page as far as it must. */
  hold(key: string | undefined, top: number): void {
    const now = this.top(key);
    if (now === undefined) return;
    this.frame.scrollTop += now - top;
    const rest = this.top(key)! - top;
    if (Math.abs(rest) >= 1) scrollBy({ top: rest, behavior: "instant" });
  }

  /** How wide a picture is that needs not be moved sideways, with a bar beside it where it may be moved up and down. */
  get width(): number {
    const { frame } = this;
    return frame.clientWidth && frame.offsetWidth - 2 * frame.clientLeft - (this.high === undefined ? 0 : BAR);
  }

  /** How high the place is at most; where nothing limits it, the page is as long as the picture. */
  private get high(): number | undefined {
    return parseFloat(getComputedStyle(this.frame).maxHeight) || undefined;
  }

  /** How much of the picture there is room for. */
  get room(): { w: number; h: number } {
    return { w: (this.frame.clientWidth - 2 * EDGE) / this.zoom, h: (this.frame.clientHeight - 2 * EDGE) / this.zoom };
  }

  /** Moves the picture so that an area of it is in view, the upper left of it where there is no room for all. */
  show(area: { x: number; y: number; w: number; h: number }, smooth: boolean): void {
    const [left = 0, top = 0] = (this.drawing?.getAttribute("viewBox") ?? "").split(" ").map(Number);
    const still = !smooth || matchMedia("(prefers-reduced-motion: reduce)").matches;
    const reach = (from: number, size: number, now: number, room: number): number => {
      const start = from * this.zoom - EDGE;
      const end = (from + size) * this.zoom + EDGE;
      return start >= now && end <= now + room ? now : start < now || end - start > room ? start : end - room;
    };
    const { frame } = this;
    frame.scrollTo({
      left: reach(area.x - left, area.w, frame.scrollLeft, frame.clientWidth),
      top: reach(area.y - top, area.h, frame.scrollTop, frame.clientHeight),
      behavior: still ? "instant" : "smooth",
    });
  }

  /** The whole picture as large as there is room, or at the size at which it is read best. */
  fit(whole: boolean): void {
    this.zoom = whole ? Math.min(1, Math.max(LEAST, Math.min(this.frame.clientWidth / this.size.width, (this.high ?? innerHeight) / this.size.height))) : 1;
    this.resize();
  }

  scale(factor: number, at?: { clientX: number; clientY: number }): void {
    const frame = this.frame.getBoundingClientRect();
    const x = at ? at.clientX - frame.left : frame.width / 2;
    const y = at ? at.clientY - frame.top : frame.height / 2;
    const before = this.zoom;
    this.zoom = Math.min(MOST, Math.max(LEAST, this.zoom * factor));
    this.resize();
    const grown = this.zoom / before;
    this.frame.scrollTo({ left: (this.frame.scrollLeft + x) * grown - x, top: (this.frame.scrollTop + y) * grown - y, behavior: "instant" });
  }

  private resize(): void {
    this.drawing?.setAttribute("width", String(this.size.width * this.zoom));
    this.drawing?.setAttribute("height", String(this.size.height * this.zoom));
  }

  private all(): SVGElement[] {
    return [...(this.drawing?.querySelectorAll<SVGElement>("[data-key]") ?? [])];
  }

  /** Arrow keys go to what is nearest in their direction; plus and minus zoom, 0 goes back. */
  private key(event: KeyboardEvent): void {
    const ways: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const way = ways[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (way) this.step(way);
    else if (event.key === "Home" || event.key === "End") this.go(this.all().at(event.key === "Home" ? 0 : -1));
    else if (event.key === "+" || event.key === "=") this.scale(1.25);
    else if (event.key === "-") this.scale(0.8);
    else if (event.key === "0") this.fit(false);
    else return;
    event.preventDefault();
  }

  private step([right, down]: [number, number]): void {
    const here = document.activeElement;
    if (!(here instanceof SVGElement) || !this.frame.contains(here)) return;
    const from = here.getBoundingClientRect();
    let best: SVGElement | undefined;
    let least = Infinity;
    for (const other of this.all()) {
      if (other === here) continue;
      const to = other.getBoundingClientRect();
      const x = to.x + to.width / 2 - from.x - from.width / 2;
      const y = to.y + to.height / 2 - from.y - from.height / 2;
      const along = x * right + y * down;
      const aside = Math.abs(x * down) + Math.abs(y * right);
      if (along < 4) continue;
      const distance = along + aside * 2.5;
      if (distance < least) [best, least] = [other, distance];
    }
    this.go(best);
  }

  private go(to: SVGElement | undefined): void {
    if (!to) return;
    for (const one of this.all()) one.setAttribute("tabindex", "-1");
    to.setAttribute("tabindex", "0");
    to.focus();
    to.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
  }

  /** Two fingers zoom; one moves the picture, which the browser does by itself. */
  private fingers(): void {
    let before = 0;
    const apart = ({ touches }: TouchEvent): number => Math.hypot(touches[0]!.clientX - touches[1]!.clientX, touches[0]!.clientY - touches[1]!.clientY);
    this.frame.addEventListener("touchstart", (event) => {
      if (event.touches.length === 2) before = apart(event);
    }, { passive: true });
    this.frame.addEventListener("touchmove", (event) => {
      if (event.touches.length !== 2 || before === 0) return;
      event.preventDefault();
      const now = apart(event);
      const [one, other] = [event.touches[0]!, event.touches[1]!];
      this.scale(now / before, { clientX: (one.clientX + other.clientX) / 2, clientY: (one.clientY + other.clientY) / 2 });
      before = now;
    }, { passive: false });
    this.frame.addEventListener("touchend", () => {
      before = 0;
    }, { passive: true });
  }
}

/** What stands for a box, so that it is found again in the next picture. */
export function key(box: Box, links: Links): string {
  if (box.what === "root") return "root";
  if (box.item) return `${box.item.again ? `again ${box.item.link?.id} ` : ""}${links.key(box.item.node)}`;
  return `${box.what} ${box.group?.key ?? box.folded?.key ?? ""}`;
}
