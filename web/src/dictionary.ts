// The dictionary of words and names, of whose shards a search reads a few (`evidence/retrieval/dictionary.py`).

/** Sorted keys, and in the same order the entries of each. */
export type Shard = [keys: string[], entries: string[]];

/** Whether a text stands before another by code points. */
function before(one: string, other: string): boolean {
  const end = Math.min(one.length, other.length);
  for (let at = 0; at < end; at++) {
    const left = one.charCodeAt(at);
    const right = other.charCodeAt(at);
    if (left === right) continue;
    // what stands for a character beyond the first plane comes after all of the first plane
    const high = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);
    return high(left) < high(right);
  }
  return one.length < other.length;
}

/** How many keys of a sorted list stand before a text. */
function place(keys: string[], text: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (before(keys[middle] ?? "", text)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The entries of a key, each with its field. */
export function* decoded(text: string): Generator<[number, number]> {
  for (const [field, part] of text.split("|").entries()) {
    let last = -1;
    for (const step of part.split(" ")) {
      if (!step) continue;
      const [gap, more] = step.split(".");
      const start = last + parseInt(gap ?? "0", 36);
      last = start + (more ? parseInt(more, 36) : 0);
      for (let number = start; number <= last; number++) yield [number, field];
    }
  }
}

export class Dictionary {
  constructor(
    readonly firsts: string[],
    readonly read: (number: number) => Promise<Shard>,
  ) {}

  /** The entries of a key. */
  async get(key: string): Promise<string> {
    const [found] = await this.beginning(key, 1);
    return found?.[0] === key ? found[1] : "";
  }

  /** The first keys that begin so, at most that many, each with its entries. */
  async beginning(start: string, most: number): Promise<[string, string][]> {
    const found: [string, string][] = [];
    const at = place(this.firsts, start);
    const shard = this.firsts[at] === start ? at : Math.max(0, at - 1);
    for (let number = shard; number < this.firsts.length; number++) {
      const [keys, entries] = await this.read(number);
      for (let one = place(keys, start); one < keys.length && found.length < most; one++) {
        const key = keys[one] ?? "";
        if (!key.startsWith(start)) return found;
        found.push([key, entries[one] ?? ""]);
      }
      if (found.length >= most) break;
    }
    return found;
  }
}
