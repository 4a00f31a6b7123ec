// Elements of a picture, and the signs that tell classes apart without colour.

const NAMESPACE = "http://www.w3.org/2000/svg";
type Child = Element | string;

export function svg(name: string, attributes: Record<string, string | number> = {}, ...children: Child[]): SVGElement {
  const result = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) result.setAttribute(key, String(value));
  result.append(...children);
  return result;
}

export const HUES = 8; //: signs with a hue of their own; the last one is of all classes beyond

/** Which sign a class has. */
export function hue(kind: number): number {
  return kind < 0 ? HUES - 1 : Math.min(kind, HUES - 1);
}

/** The sign of a class, in its hue and shape. */
export function sign(kind: number, x: number, y: number, r = 6): SVGElement {
  const number = hue(kind);
  const corners = (count: number, turn: number, radii: number[]): string =>
    Array.from({ length: count }, (_, corner) => {
      const angle = (corner * 2 * Math.PI) / count + turn;
      const radius = r * radii[corner % radii.length]!;
      return `${(x + radius * Math.cos(angle)).toFixed(1)},${(y + radius * Math.sin(angle)).toFixed(1)}`;
    }).join(" ");
  const up = -Math.PI / 2;
  const look = { class: `sign hue-${number}${r < 4 ? " small" : ""}`, "aria-hidden": "true" };
  switch (number) {
    case 0: return svg("circle", { ...look, cx: x, cy: y, r });
    case 1: return svg("rect", { ...look, x: x - r * 0.88, y: y - r * 0.88, width: r * 1.76, height: r * 1.76 });
    case 2: return svg("polygon", { ...look, points: corners(3, up, [1.2]) });
    case 3: return svg("polygon", { ...look, points: corners(4, up, [1.2]) });
    case 4: return svg("polygon", { ...look, points: corners(6, 0, [1.08]) });
    case 5: return svg("polygon", { ...look, points: corners(10, up, [1.3, 0.6]) });
    case 6: return svg("polygon", { ...look, points: corners(3, -up, [1.2]) });
    default: return svg("circle", { ...look, cx: x, cy: y, r: r * 0.8 });
  }
}
