// Where everything stands: room is made for each text before it is placed, so that nothing meets anything.
import type { Branch, Group, Item, Tree } from "./tree";

export interface Box {
  what: "root" | "thing" | "more" | "bunches";
  x: number;
  y: number;
  w: number;
  h: number;
  text: string[]; // its lines
  full: string; // the whole text
  node?: number; // of the root
  kind?: number; // of a root that is a class
  page?: string; // of that class
  state: string[]; // how its link is supported, in lines
  item?: Item;
  group?: Group;
  folded?: Branch["folded"][number];
}

export interface Caption {
  x: number; // where the text begins, or ends
  y: number; // the baseline of its first line
  end: boolean;
  text: string[]; // its lines
  full: string;
  item?: Item;
}

export interface Line {
  path: string;
  state: string;
  head?: { x: number; y: number; left: boolean }; // the tip of an arrow
}

export interface Layout {
  left: number;
  top: number;
  width: number;
  height: number;
  boxes: Box[];
  captions: Caption[];
  lines: Line[];
}

export interface Words {
  more(count: number): string;
  bunches(count: number): string;
  caption(group: Group, left: boolean): string;
}

export const MARK = 24; //: room for the sign of a class, before a name
export const SIDE = 26; //: room for the link to a thing's page, behind it
export const ROW = 17; //: height of a line of text
const GROW = 34; //: room for how many links a thing has besides
const BOX = 400; //: at most
const LEAST = 176; //: width of a box where there is little room
const ROOT = 300;
const INDENT = 14; //: of the line down from a box, behind its edge
const STUB = 26; //: from that line to a box, with an arrow's head
const CAPTION = 22;
const GAP = 7;
const APART = 12; //: between bunches
const EDGE = 10;
const LINES = 12; //: of a text at most: names stand whole, a line more where there is little room

const FONT = "13px system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', 'Noto Sans', sans-serif";
const pen = document.createElement("canvas").getContext("2d");

export function wide(text: string, font = FONT): number {
  if (!pen) return text.length * 8;
  pen.font = font;
  return pen.measureText(text).width * 1.03;
}

/** A text in at most some lines of a width, cut where it does not fit; a word longer than a line goes on in the next. */
export function wrapped(text: string, width: number, most: number, font = FONT): string[] {
  const lines: string[] = [];
  let line = "";
  const words = text.split(/\s+/).filter(Boolean).flatMap((word) => (most > 2 ? pieces(word, width, font) : [word]));
  for (const [number, word] of words.entries()) {
    const longer = line ? `${line} ${word}` : word;
    if (wide(longer, font) <= width) line = longer;
    else if (lines.length === most - 1 || !line) {
      // the last line takes what fits of the rest; a word longer than a line is cut, too
      lines.push(cut([line, ...words.slice(number)].filter(Boolean).join(" "), width, font));
      return lines;
    } else {
      lines.push(line);
      line = word;
      if (wide(word, font) > width) {
        lines.push(cut(words.slice(number).join(" "), width, font));
        return lines;
      }
    }
  }
  if (line) lines.push(line);
  return lines.length ? lines : [""];
}

/** A word in parts that a line has room for, behind a hyphen if it has one there. */
function pieces(word: string, width: number, font: string): string[] {
  if (wide(word, font) <= width) return [word];
  const found: string[] = [];
  let rest = [...word];
  while (rest.length > 1 && wide(rest.join(""), font) > width) {
    let size = rest.length - 1;
    while (size > 1 && wide(rest.slice(0, size).join(""), font) > width) size -= 1;
    const hyphen = Math.max(rest.lastIndexOf("-", size - 1), rest.lastIndexOf("/", size - 1)) + 1;
    if (hyphen > size / 3) size = hyphen;
    found.push(rest.slice(0, size).join(""));
    rest = rest.slice(size);
  }
  return rest.length ? [...found, rest.join("")] : found;
}

function cut(text: string, width: number, font: string): string {
  if (wide(text, font) <= width) return text;
  const signs = [...text];
  let low = 0;
  let high = signs.length;
  while (low < high) {
    const half = Math.ceil((low + high) / 2);
    if (wide(`${signs.slice(0, half).join("").trimEnd()}…`, font) <= width) low = half;
    else high = half - 1;
  }
  return `${signs.slice(0, low).join("").trimEnd()}…`;
}

class Drawing {
  readonly boxes: Box[] = [];
  readonly captions: Caption[] = [];
  readonly lines: Line[] = [];

  constructor(readonly words: Words, readonly name: (node: number) => string) {}

  box(item: Item, x: number, y: number, w: number): Box {
    const full = this.name(item.node);
    const room = w - MARK - SIDE - (item.more || item.grown ? GROW : 4);
    const text = wrapped(full, room, LINES);
    const state = item.link?.words ? wrapped(item.link.words, room, LINES) : [];
    const box: Box = { what: "thing", x, y, w, h: 12 + ROW * (text.length + state.length), text, full, state, item };
    this.boxes.push(box);
    return box;
  }

  rest(what: "more" | "bunches", text: string, x: number, y: number, w: number, of: Partial<Box>): Box {
    const box: Box = { what, x, y, w: Math.min(w, wide(text) + 20), h: 27, text: [cut(text, w - 16, FONT)], full: text, state: [], ...of };
    this.boxes.push(box);
    return box;
  }

  /** How high it is. */
  caption(group: Group, x: number, y: number, w: number, end: boolean): number {
    const full = this.words.caption(group, end);
    const text = wrapped(full, w, LINES);
    this.captions.push({ x, y: y + 15, end, text, full });
    return CAPTION + ROW * (text.length - 1);
  }

  stub(rail: number, near: number, y: number, out: boolean | undefined, state: string): void {
    const left = near < rail;
    const gap = left ? -1 : 1;
    const line: Line = { path: `M${rail} ${y}H${near - gap}`, state };
    if (out === true) line.head = { x: near - gap, y, left };
    else if (out === false) line.head = { x: rail + gap * 3, y, left: !left };
    this.lines.push(line);
  }
}

/**
 * What hangs on a thing stands below it along a line, what grows on that below it again, further in: however much grows,
 * the picture is as wide as there is room, and what stands above stays where it is. In two columns the line is in the
 * middle; what the thing links to is on its right, what links to it on its left.
 */
export function layout(tree: Tree, words: Words, name: (node: number) => string, width: number, two: boolean): Layout {
  const drawing = new Drawing(words, name);
  const [left, right] = two ? halves(tree) : [undefined, tree];
  const across = Math.min(left ? ROOT : BOX + STUB + INDENT, width - 2 * EDGE);
  const x = left ? (width - across) / 2 : EDGE;
  const text = wrapped(tree.title, across - MARK - SIDE, LINES, `600 ${FONT}`);
  const root: Box = { what: "root", x, y: EDGE, w: across, h: 16 + (ROW + 2) * text.length, text, full: tree.title, state: [], ...tree.about };
  drawing.boxes.push(root);
  // where it grows deep, each step is shorter, so that the last boxes have their width
  const most = (left ? width / 2 : width - EDGE) - EDGE - LEAST;
  const step = Math.min(1, Math.max(0, most) / (depth(tree) * (INDENT + STUB)));
  const indent = INDENT * step;
  const stub = STUB * step;

  const below = (branch: Branch, bottom: number, rail: number, sign: 1 | -1): number => {
    const near = rail + sign * stub;
    const room = Math.min(BOX, sign > 0 ? width - EDGE - near : near - EDGE);
    let y = bottom + 4;
    let last = bottom;
    const place = (box: Box, out: boolean | undefined, state: string): void => {
      box.x = sign > 0 ? near : near - box.w;
      last = box.y + box.h / 2;
      drawing.stub(rail, near, last, out, state);
      y = box.y + box.h;
    };
    for (const group of branch.groups) {
      if (group.name) {
        y += drawing.caption(group, rail + sign * 10, y, stub + room - 10, sign < 0);
      } else y += 4;
      for (const item of group.items) {
        const box = drawing.box(item, 0, y, room);
        place(box, item.link?.out, item.link?.state ?? "");
        if (item.groups.length || item.folded.length) y = below(item, y, near + sign * indent, sign) - APART;
        y += GAP;
      }
      if (group.hidden) {
        place(drawing.rest("more", words.more(group.hidden), 0, y, room, { group }), undefined, "");
        y += GAP;
      }
      y += APART - GAP;
    }
    for (const folded of branch.folded) {
      const text = left ? words.bunches(folded.count) : `${folded.out ? "→" : "←"} ${words.bunches(folded.count)}`;
      place(drawing.rest("bunches", text, 0, y, room, { folded }), undefined, "");
      y += APART;
    }
    if (last > bottom) drawing.lines.push({ path: `M${rail} ${bottom}V${last}`, state: "" });
    return y;
  };
  const bottom = root.y + root.h;
  const ends = left ? [below(right, bottom, width / 2, 1), below(left, bottom, width / 2, -1)] : [below(right, bottom, EDGE + INDENT, 1)];
  return { left: 0, top: 0, width, height: Math.ceil(Math.max(bottom, ...ends) + EDGE), boxes: drawing.boxes, captions: drawing.captions, lines: drawing.lines };
}

/** What links to a thing, and what it links to; the first is undefined where one of them has nothing. */
function halves(tree: Tree): [Branch | undefined, Branch] {
  const [only] = tree.groups;
  if (only && !only.name) {
    // things of a class have no direction: one half of them is on each side
    const half = Math.floor(only.items.length / 2);
    if (!half) return [undefined, tree];
    return [{ groups: [{ ...only, items: only.items.slice(0, half), hidden: 0 }], folded: [] }, { ...tree, groups: [{ ...only, items: only.items.slice(half) }] }];
  }
  const side = (way: boolean): Branch => ({ groups: tree.groups.filter(({ out }) => out === way), folded: tree.folded.filter(({ out }) => out === way) });
  const [left, right] = [side(false), side(true)];
  return left.groups.length && right.groups.length ? [left, right] : [undefined, tree];
}

/** How many steps in the things are that stand furthest from the first. */
function depth(branch: Branch): number {
  return 1 + Math.max(0, ...branch.groups.flatMap(({ items }) => items.map((item) => (item.groups.length || item.folded.length ? depth(item) : 0))));
}
