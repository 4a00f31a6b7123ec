// Classes as clusters on an ellipse, with the links between them across it: each line that is drawn has room for its name.
import { wide, wrapped } from "./layout";
import type { Links, Tie } from "./links";

export interface Cluster {
  kind: number; // a class; -1: those that are folded away
  x: number;
  y: number;
  r: number;
  text: string[];
  full: string;
  count: number;
  above: boolean; // whether its name stands above it
  dots: { x: number; y: number }[]; // its things, as far as there is room
}

export interface Chord {
  tie: Tie;
  path: string;
  width: number;
  x: number; // the middle of its name
  y: number;
  w: number;
  text: string;
  full: string;
  further: boolean; // whether it is drawn only for a class that is pointed at
}

export interface Overview {
  width: number;
  height: number;
  clusters: Cluster[];
  chords: Chord[];
  left: number; // links between classes that are not drawn
}

interface Area {
  x: number;
  y: number;
  w: number;
  h: number;
}

const LABEL = 16; //: height of a line of text
const DOTS = 90;
const MARGIN = 14;
const GOLDEN = Math.PI * (3 - Math.sqrt(5));

export function overview(links: Links, width: number, all: boolean, words: { rest(count: number): string; tie(tie: Tie): string[] }): Overview {
  const narrow = width < 600;
  const { classes } = links.data;
  const most = all ? classes.length : narrow ? 8 : 11;
  const shown = classes.length <= most + 1 ? classes.length : most;
  const largest = Math.sqrt(Math.max(...classes.map(({ n }) => n), 1));
  const text = narrow ? 92 : 128;
  const clusters: Cluster[] = classes.slice(0, shown).map(({ l, n }, kind) => {
    const r = (narrow ? 11 : 15) + (narrow ? 13 : 24) * (Math.sqrt(n) / largest);
    return { kind, x: 0, y: 0, r, text: wrapped(l, text, 2), full: l, count: n, above: false, dots: dots(n, r) };
  });
  if (shown < classes.length) {
    const full = words.rest(classes.length - shown);
    clusters.push({ kind: -1, x: 0, y: 0, r: narrow ? 13 : 17, text: wrapped(full, text, 2), full, count: 0, above: false, dots: [] });
  }
  const across = width / 2 - Math.max(...clusters.map(footprint)) / 2 - MARGIN;
  let down = narrow ? 120 : 180;
  for (; down < 4000; down += 10) {
    around(clusters, Math.max(60, across), down);
    if (apart(clusters.map(area))) break;
  }
  const areas = clusters.map(area);
  const top = Math.min(...areas.map(({ y }) => y)) - MARGIN;
  const bottom = Math.max(...areas.map(({ y, h }) => y + h)) + MARGIN;
  for (const one of clusters) {
    one.x += width / 2;
    one.y -= top;
  }
  const [chords, left] = names_across(clusters, links.ties(), width, bottom - top, words);
  return { width, height: Math.ceil(bottom - top), clusters, chords, left };
}

function footprint(one: Cluster): number {
  return Math.max(one.r * 2, ...one.text.map((line) => wide(line)), wide(String(one.count)));
}

/** What a cluster takes with its name and count, which are above or below it, away from the links. */
function area(one: Cluster): Area {
  const w = footprint(one) + 6;
  const words = 6 + LABEL * (one.text.length + (one.count ? 1 : 0));
  return { x: one.x - w / 2, y: one.y - one.r - 4 - (one.above ? words : 0), w, h: one.r * 2 + 8 + words };
}

function meets(a: Area, b: Area): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

function apart(areas: Area[]): boolean {
  return areas.every((one, number) => areas.slice(number + 1).every((other) => !meets(one, other)));
}

/** Puts clusters on an ellipse at equal distances along it, the first one on the left. */
function around(clusters: Cluster[], a: number, b: number): void {
  const steps = 720;
  const lengths = [0];
  const at = (step: number): { x: number; y: number } => {
    const angle = Math.PI + (step * 2 * Math.PI) / steps;
    return { x: a * Math.cos(angle), y: b * Math.sin(angle) };
  };
  for (let step = 1; step <= steps; step += 1) {
    const one = at(step - 1);
    const other = at(step);
    lengths.push(lengths[step - 1]! + Math.hypot(other.x - one.x, other.y - one.y));
  }
  clusters.forEach((one, number) => {
    const wanted = (lengths[steps]! * number) / clusters.length;
    Object.assign(one, at(lengths.findIndex((length) => length >= wanted)));
    one.above = one.y < -b / 4;
  });
}

function dots(count: number, r: number): { x: number; y: number }[] {
  const shown = Math.min(count, DOTS);
  return Array.from({ length: shown }, (_, number) => {
    const radius = shown === 1 ? 0 : (r - 8) * Math.sqrt((number + 0.5) / shown);
    return { x: radius * Math.cos(number * GOLDEN), y: radius * Math.sin(number * GOLDEN) };
  });
}

/** The links between clusters for whose names there is room, the commonest first. */
function names_across(clusters: Cluster[], ties: Tie[], width: number, height: number, words: { tie(tie: Tie): string[] }): [Chord[], number] {
  const by = new Map(clusters.map((one) => [one.kind, one]));
  const taken: Area[] = clusters.map(area);
  const chords: Chord[] = [];
  const most = width < 600 ? 8 : 16;
  let left = 0;
  for (const tie of ties) {
    const from = by.get(tie.from);
    const to = by.get(tie.to);
    if (!from || !to || from === to || chords.length >= most) {
      left += 1;
      continue;
    }
    const names = words.tie(tie); // the commonest first
    const text = wrapped(names[0] ?? "", width < 600 ? 110 : 150, 1)[0]! + (names.length > 1 ? " …" : "");
    const w = wide(text, "12px system-ui, sans-serif") + 8;
    const curve = bow(from, to, width, height);
    const place = [0.5, 0.42, 0.58, 0.34, 0.66, 0.28, 0.72].map(curve.at).find(({ x, y }) => {
      const box = { x: x - w / 2, y: y - 10, w, h: 20 };
      return x - w / 2 > 2 && x + w / 2 < width - 2 && taken.every((other) => !meets(box, other));
    });
    if (!place) {
      left += 1;
      continue;
    }
    taken.push({ x: place.x - w / 2, y: place.y - 10, w, h: 20 });
    chords.push({ tie, path: curve.path, width: 1 + Math.min(3, Math.log10(tie.count) * 1.5), x: place.x, y: place.y, w, text, full: `${from.full} → ${to.full}: ${names.join(", ")}`, further: chords.length >= (width < 600 ? 5 : 8) });
  }
  return [chords, left];
}

/** A curve from one cluster to another, bent towards the middle, and to its left, so that two ways are two lines. */
function bow(from: Cluster, to: Cluster, width: number, height: number): { path: string; at: (t: number) => { x: number; y: number } } {
  const x = (from.x + to.x) / 2;
  const y = (from.y + to.y) / 2;
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const aside = Math.min(26, length / 8);
  const bend = { x: x + (width / 2 - x) * 0.45 + ((to.y - from.y) / length) * aside, y: y + (height / 2 - y) * 0.45 - ((to.x - from.x) / length) * aside };
  const edge = (one: Cluster, space: number): { x: number; y: number } => {
    const way = Math.hypot(bend.x - one.x, bend.y - one.y) || 1;
    return { x: one.x + ((bend.x - one.x) / way) * (one.r + space), y: one.y + ((bend.y - one.y) / way) * (one.r + space) };
  };
  const a = edge(from, 2);
  const b = edge(to, 5);
  const number = (value: number): string => value.toFixed(1);
  return {
    path: `M${number(a.x)} ${number(a.y)}Q${number(bend.x)} ${number(bend.y)} ${number(b.x)} ${number(b.y)}`,
    at: (t) => ({ x: (1 - t) ** 2 * a.x + 2 * t * (1 - t) * bend.x + t ** 2 * b.x, y: (1 - t) ** 2 * a.y + 2 * t * (1 - t) * bend.y + t ** 2 * b.y }),
  };
}
