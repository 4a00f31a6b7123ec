// The contents of a long document: an address of the time when all units stood on one page leads to the unit's page.

/** `12.3` as numbers to compare; undefined for what is none. */
function place(number: string | undefined): [number, number] | undefined {
  const match = /^(\d+)\.(\d+)$/.exec(number ?? "");
  return match ? [Number(match[1]), Number(match[2])] : undefined;
}

function before(one: [number, number], other: [number, number]): boolean {
  return one[0] < other[0] || (one[0] === other[0] && one[1] < other[1]);
}

/** Leads on from `#12.3` to the page of the section that has it. */
export function lead_to_section(): void {
  const entries = [...document.querySelectorAll<HTMLElement>("[data-first]")];
  if (!entries.length) return;
  const lead = (): void => {
    const number = location.hash.slice(1); // those of units have nothing to decode
    const wanted = place(number);
    const anchor = number ? document.getElementById(number) : null;
    const entry =
      anchor?.closest<HTMLElement>("[data-first]") ??
      (wanted &&
        entries.findLast((one) => {
          const first = place(one.dataset.first);
          return first !== undefined && !before(wanted, first);
        }));
    const link = entry?.querySelector("a");
    if (link) location.replace(`${link.href}#${number}`);
  };
  addEventListener("hashchange", lead);
  lead();
}
