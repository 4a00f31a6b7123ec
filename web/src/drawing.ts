import { element, say } from "./page";
import type { Editor, Value } from "./protocol";
import { address } from "./results";
import { short } from "./short";

const NAMESPACE = "http://www.w3.org/2000/svg";
const WIDTH = 900;
const ROW = 30;

function svg(name: string, attributes: Record<string, string>, text = ""): SVGElement {
  const result = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) result.setAttribute(key, value);
  result.textContent = text;
  return result;
}

/** A graph drawn in two columns: subjects on the left, what they link to on the right. */
export function drawing(triples: [Value, Value, Value][], about: Editor): HTMLElement {
  const links = triples.filter(([, , object]) => object.type !== "literal");
  const left = [...new Set(links.map(([subject]) => subject.value))];
  const right = [...new Set(links.map(([, , object]) => object.value))];
  if (links.length === 0 || left.length + right.length > 120) return element("div");
  const height = Math.max(left.length, right.length) * ROW + 20;
  const picture = svg("svg", { viewBox: `0 0 ${WIDTH} ${height}`, width: String(WIDTH), height: String(height), class: "drawing", role: "group" });
  picture.setAttribute("aria-label", say("drawn"));
  const y = (list: string[], value: string): number => ((list.indexOf(value) + 0.5) * (height - 20)) / list.length + 10;
  for (const [subject, predicate, object] of links) {
    const a = y(left, subject.value);
    const b = y(right, object.value);
    const path = svg("path", { d: `M300 ${a}C400 ${a} 500 ${b} 600 ${b}` });
    path.append(svg("title", {}, short(predicate.value, about.prefixes)));
    picture.append(path);
  }
  for (const [list, x, anchor] of [[left, 292, "end"], [right, 608, "start"]] as const) {
    for (const value of list) {
      const href = address(value, about);
      const name = short(value, about.prefixes);
      const text = svg("text", { x: String(x), y: String(y(list, value) + 5), "text-anchor": anchor }, name.length > 36 ? `${name.slice(0, 35)}…` : name);
      const node = href ? svg("a", { href }) : svg("g", {});
      node.append(text);
      picture.append(node);
    }
  }
  const box = element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say("graph") });
  box.append(picture);
  return box;
}
