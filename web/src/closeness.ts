/** The names most like a word, the best first, as the command line finds them (Ratcliff and Obershelp's measure). */
export function close_matches(text: string, names: string[], most: number, least: number): string[] {
  return names
    .map((name) => [ratio(name, text), name] as const)
    .filter(([score]) => score >= least)
    .sort(([one, a], [other, b]) => other - one || (a < b ? 1 : -1))
    .slice(0, most)
    .map(([, name]) => name);
}

function ratio(a: string, b: string): number {
  const all = a.length + b.length;
  if (all === 0) return 1;
  if ((2 * Math.min(a.length, b.length)) / all < 0.5) return 0;
  let matching = 0;
  const parts: [number, number, number, number][] = [[0, a.length, 0, b.length]];
  for (let part = parts.pop(); part; part = parts.pop()) {
    const [a_start, a_end, b_start, b_end] = part;
    let [best_a, best_b, size] = [a_start, b_start, 0];
    let lengths = new Map<number, number>();
    for (let i = a_start; i < a_end; i++) {
      const next = new Map<number, number>();
      for (let j = b_start; j < b_end; j++) {
        if (a[i] !== b[j]) continue;
        const length = (lengths.get(j - 1) ?? 0) + 1;
        next.set(j, length);
        if (length > size) [best_a, best_b, size] = [i - length + 1, j - length + 1, length];
      }
      lengths = next;
    }
    if (size === 0) continue;
    matching += size;
    parts.push([a_start, best_a, b_start, best_b], [best_a + size, a_end, best_b + size, b_end]);
  }
  return (2 * matching) / all;
}
