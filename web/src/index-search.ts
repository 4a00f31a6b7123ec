import MiniSearch from "minisearch";
import { data } from "./page";

/** What `data/search.json` says of one page. */
export interface Entry {
  i: string;
  l: string;
  k: string;
  n?: string[];
  d?: string;
}

let index: Promise<{ search: MiniSearch; entries: Entry[] }> | undefined;

/** The entries that fit a text best; the index is made when it is first asked. */
export async function find(text: string, most: number): Promise<Entry[]> {
  index ??= data<{ entries: Entry[] }>("data/search.json").then(({ entries }) => {
    const search = new MiniSearch({ fields: ["l", "n", "k", "d"], extractField: (entry, field) => String(entry[field] ?? "") });
    search.addAll(entries.map((entry, id) => ({ ...entry, n: entry.n?.join(" ") ?? "", id })));
    return { search, entries };
  });
  const { search, entries } = await index;
  const found = search.search(text, { prefix: true, fuzzy: 0.2, boost: { l: 4, n: 4, k: 0.5 } });
  return found.slice(0, most).flatMap(({ id }) => entries[id as number] ?? []);
}
