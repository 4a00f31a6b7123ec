// What is drawn: a thing or a class in the middle, its links in bunches, and whatever of them has grown.
import type { Link, Links } from "./links";

/** What the reader has in view; `id` and `kind` exclude each other, and without both it is the overview. */
export interface View {
  id?: number;
  kind?: number;
  grown: number[];
  unfolded: Record<string, number>; // bunch → how many links of it are drawn
}

/** What hangs on a thing: its links in bunches, and how many bunches in each direction are folded away as a whole. */
export interface Branch {
  groups: Group[];
  folded: { key: string; out: boolean; count: number; next: number }[];
}

export interface Item extends Branch {
  node: number;
  link?: Link; // none for the members of a class
  again: boolean; // whether the thing is drawn elsewhere, too, where it may grow
  grown: boolean;
  more: number; // links that growing would show
}

export interface Group {
  key: string;
  name: string;
  out: boolean;
  items: Item[];
  hidden: number; // links of the same bunch that are folded away
}

export interface Tree extends Branch {
  title: string;
  about: { node: number } | { kind: number; page: string };
}

interface Room {
  bunches: number; // on each side
  links: number; // of each bunch
  rows: number; // on each side
}

const GROWN: Room = { bunches: 4, links: 3, rows: 11 };
const MEMBERS = 12;
const BUNCHES = 12; //: further bunches that one click shows
const STEP = 24; //: further links of a bunch that one click shows

export function tree(links: Links, view: View, narrow: boolean): Tree {
  const room: Room = narrow ? { bunches: 5, links: 4, rows: 14 } : { bunches: 5, links: 5, rows: 14 };
  const seen = new Set<number>();
  const drawn = new Set<number>(); // links
  const waiting: Item[] = [];

  const item = (node: number, link?: Link): Item => {
    const again = seen.has(node);
    seen.add(node);
    if (link) drawn.add(link.id);
    const result: Item = { node, again, grown: false, more: 0, groups: [], folded: [], ...(link ? { link } : {}) };
    if (!again) waiting.push(result);
    return result;
  };
  const groups = (of: number, size: Room): Branch => {
    const result: Group[] = [];
    const folded: Branch["folded"] = [];
    for (const out of [true, false]) {
      const bunches = links.bunches(of).filter((bunch) => bunch.out === out).map((bunch) => ({ ...bunch, links: bunch.links.filter(({ id }) => !drawn.has(id)) })).filter((bunch) => bunch.links.length > 0);
      const key = `${links.key(of)} ${out ? ">" : "<"}`;
      let count = view.unfolded[key] ?? size.bunches;
      if (bunches.length === count + 1) count += 1; // to unfold a single one is not worth a click
      const shown = bunches.slice(0, count);
      const most = fitting(shown.map((bunch) => bunch.links.length), size);
      for (const bunch of shown) {
        const key = `${links.key(of)} ${out ? ">" : "<"} ${bunch.property}`;
        const wanted = view.unfolded[key] ?? most;
        const part = bunch.links.length === wanted + 1 ? bunch.links : bunch.links.slice(0, wanted);
        result.push({ key, name: links.data.properties[bunch.property] ?? "", out, items: part.map((link) => item(link.other, link)), hidden: bunch.links.length - part.length });
      }
      if (bunches.length > shown.length) folded.push({ key, out, count: bunches.length - shown.length, next: shown.length + BUNCHES });
    }
    return { groups: result, folded };
  };

  let result: Tree;
  if (view.id !== undefined) {
    seen.add(view.id);
    result = { title: links.name(view.id), about: { node: view.id }, ...groups(view.id, room) };
  } else {
    const kind = view.kind ?? 0;
    const members = links.members(kind);
    const key = `class ${kind}`;
    const part = members.slice(0, view.unfolded[key] ?? MEMBERS);
    const about = links.data.classes[kind];
    result = {
      title: about?.l ?? "",
      about: { kind, page: about?.u ?? "" },
      groups: [{ key, name: "", out: true, items: part.map((node) => item(node)), hidden: members.length - part.length }],
      folded: [],
    };
  }
  for (const next of waiting) {
    // those that its growth adds wait in turn
    if (view.grown.includes(next.node)) Object.assign(next, { grown: true, ...groups(next.node, GROWN) });
  }
  for (const one of waiting) {
    one.more = links.bunches(one.node).reduce((sum, bunch) => sum + bunch.links.filter(({ id }) => !drawn.has(id)).length, 0);
  }
  return result;
}

/** How many links of each bunch fit into the rows of a side; at least two. */
function fitting(counts: number[], room: Room): number {
  for (let most = room.links; most > 2; most -= 1) {
    const rows = counts.reduce((sum, count) => sum + 0.6 + Math.min(count, most) + (count > most + 1 ? 0.8 : 0), 0);
    if (rows <= room.rows) return most;
  }
  return 2;
}

/** How many links of a bunch are drawn after one more click on what is folded away. */
export function unfolding(group: Group): number {
  return group.items.length + STEP;
}

/** Every link that is drawn below, in order. */
export function drawn(of: Branch): Item[] {
  return of.groups.flatMap(({ items }) => items.flatMap((item) => [item, ...drawn(item)]));
}

/** The things from the middle, without it, to one of those that are drawn; none if it is not. */
export function branch(of: Branch, node: number): Item[] {
  for (const item of of.groups.flatMap(({ items }) => items)) {
    if (item.node === node && !item.again) return [item];
    const rest = branch(item, node);
    if (rest.length) return [item, ...rest];
  }
  return [];
}
