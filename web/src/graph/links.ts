// The things of a publication and the links between them, as `data/graph.json` has them.

interface Thing {
  u: string; // its page; empty where it has none
  l: string;
  c: number;
  g?: string; // the language of its name, where it is not that of the page
  n?: string[]; // acronyms and other names
  a?: string; // a description
}

export interface LinkData {
  start: number | null;
  classes: { l: string; u: string; n: number }[];
  properties: string[];
  aside: number[]; // properties that come last, such as membership of a scheme
  states: [string, string][]; // how links are supported: a keyword, and the words for it
  supports: string[]; // what supports them, in few words
  nodes: Thing[];
  edges: [source: number, target: number, property: number, state?: number, support?: number, anchor?: string][];
}

/** A link as one of its ends sees it. */
export interface Link {
  id: number;
  other: number;
  property: number;
  out: boolean;
  state: string;
  words: string;
  support: string;
  href: string; // where the statement stands; empty where nothing is claimed
}

/** The links of a thing by one property in one direction. */
export interface Bunch {
  property: number;
  out: boolean;
  links: Link[];
}

/** Links from the things of one class to those of another. */
export interface Tie {
  from: number;
  to: number;
  count: number;
  properties: { property: number; count: number }[]; // the commonest first
}

export interface Found {
  node: number;
  name: string; // the name that fits, which may be an acronym
}

export class Links {
  private readonly of: Link[][];
  private readonly keys: Map<string, number>;
  private readonly folded: string[][];
  private readonly known = new Map<number, Bunch[]>();

  constructor(readonly data: LinkData) {
    this.of = data.nodes.map(() => []);
    data.edges.forEach(([source, target, property, state = 0, support = 0, anchor = ""], id) => {
      const [keyword, words] = data.states[state] ?? ["", ""];
      const page = data.nodes[source]!.u;
      const link = { id, property, state: keyword, words, support: data.supports[support] ?? "", href: anchor && page ? `${page}#${anchor}` : "" };
      this.of[source]!.push({ ...link, other: target, out: true });
      this.of[target]!.push({ ...link, other: source, out: false });
    });
    this.keys = new Map(data.nodes.map((_, number) => [this.key(number), number]));
    this.folded = data.nodes.map((node) => [node.l, ...(node.n ?? [])].map(fold));
  }

  name(number: number): string {
    return this.data.nodes[number]!.l;
  }

  /** The attributes of a name in another language; whatever its language, it has its own direction. */
  language(number: number): Record<string, string> {
    const { g } = this.data.nodes[number]!;
    return { dir: "auto", ...(g ? { lang: g } : {}) };
  }

  kind(number: number): string {
    return this.data.classes[this.data.nodes[number]!.c]?.l ?? "";
  }

  degree(number: number): number {
    return this.of[number]!.length;
  }

  /** What stands for a thing in an address: the path of its page. */
  key(number: number): string {
    return this.data.nodes[number]!.u.replace(/\.html$/, "") || `_${number}`;
  }

  numbered(key: string): number | undefined {
    return this.keys.get(key.replace(/\.html$/, ""));
  }

  members(kind: number): number[] {
    const members = this.data.nodes.flatMap((node, number) => (node.c === kind ? [number] : []));
    return members.sort((a, b) => this.degree(b) - this.degree(a) || a - b);
  }

  /** The links of a thing: from it, then to it; each by property, the one whose things are linked best first. */
  bunches(number: number): Bunch[] {
    const known = this.known.get(number);
    if (known) return known;
    const found = new Map<string, Bunch & { weight: number }>();
    for (const link of this.of[number]!) {
      const key = `${link.out} ${link.property}`;
      const bunch = found.get(key) ?? { property: link.property, out: link.out, links: [], weight: 0 };
      bunch.links.push(link);
      bunch.weight += this.degree(link.other);
      found.set(key, bunch);
    }
    const last = (bunch: Bunch): number => Number(this.data.aside.includes(bunch.property));
    const bunches = [...found.values()].sort((a, b) => Number(b.out) - Number(a.out) || last(a) - last(b) || b.weight - a.weight || a.property - b.property);
    for (const bunch of bunches) bunch.links.sort((a, b) => this.degree(b.other) - this.degree(a.other) || a.other - b.other);
    this.known.set(number, bunches);
    return bunches;
  }

  /** The links between classes, the commonest first; membership of schemes is none. */
  ties(): Tie[] {
    const ties = new Map<string, Tie>();
    for (const [source, target, property] of this.data.edges) {
      if (this.data.aside.includes(property)) continue;
      const from = this.data.nodes[source]!.c;
      const to = this.data.nodes[target]!.c;
      const key = `${from} ${to}`;
      const tie = ties.get(key) ?? { from, to, count: 0, properties: [] };
      tie.count += 1;
      const named = tie.properties.find((one) => one.property === property);
      if (named) named.count += 1;
      else tie.properties.push({ property, count: 1 });
      ties.set(key, tie);
    }
    for (const tie of ties.values()) tie.properties.sort((a, b) => b.count - a.count || a.property - b.property);
    return [...ties.values()].sort((a, b) => b.count - a.count || a.from - b.from || a.to - b.to);
  }

  /** The things with a name that fits a text: the same, the same beginning, a word of that beginning, a part. */
  find(text: string, most: number): Found[] {
    const wanted = fold(text);
    if (!wanted) return [];
    const found: (Found & { rank: number })[] = [];
    this.folded.forEach((names, node) => {
      let best = 4;
      let which = 0;
      names.forEach((name, number) => {
        const rank = name === wanted ? 0 : name.startsWith(wanted) ? 1 : name.includes(` ${wanted}`) ? 2 : name.includes(wanted) ? 3 : 4;
        if (rank < best) [best, which] = [rank, number];
      });
      if (best < 4) found.push({ node, rank: best, name: which ? (this.data.nodes[node]!.n?.[which - 1] ?? "") : this.name(node) });
    });
    found.sort((a, b) => a.rank - b.rank || this.degree(b.node) - this.degree(a.node) || a.node - b.node);
    return found.slice(0, most);
  }
}

/** A name without case, accents and marks between words. */
function fold(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[\s\-–_/.,()]+/g, " ").trim();
}
