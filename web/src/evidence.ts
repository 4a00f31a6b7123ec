/** Opens the evidence of the statement that the address names, or its citations; whether it is there. */
export function open_target(): boolean {
  let name = location.hash.slice(1);
  try {
    name = decodeURIComponent(name);
  } catch {
    // as it stands
  }
  const target = name ? document.getElementById(name) : null;
  const details = target?.querySelector("details");
  if (details) details.open = true;
  const cited = target?.className === "cite" ? target : null;
  document.querySelector("[data-target]")?.removeAttribute("data-target");
  cited?.setAttribute("data-target", "");
  missing(name);
  return !!(details ?? cited);
}

/** A statement that is linked to is shown with its sentences; a button shows those of all; paper shows them too. */
export function evidence(): void {
  const all = [...document.querySelectorAll<HTMLDetailsElement>("details.evidence")];
  addEventListener("hashchange", open_target);
  keep_open(all);
  open_target();

  const button = document.querySelector<HTMLButtonElement>("button[data-unfold]");
  if (button) {
    const labels = [button.textContent ?? "", button.dataset.unfold ?? ""];
    let open = false;
    button.hidden = false;
    button.addEventListener("click", () => {
      open = !open;
      for (const one of all) one.open = open;
      button.textContent = labels[open ? 1 : 0] ?? "";
    });
  }

  let address: string | undefined;
  let closed: HTMLDetailsElement[] = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll<HTMLDetailsElement>("main details:not(.cite, [open])")];
    for (const one of closed) one.open = true;
    const printed = document.querySelector<HTMLElement>(".printed");
    if (!printed) return;
    address ??= (printed.textContent ?? "") || location.href.replace(/#.*/s, "");
    const date = new Date().toLocaleDateString(document.documentElement.lang || undefined, { dateStyle: "long" });
    printed.textContent = `${address}, ${(printed.dataset.printed ?? "").replace("{date}", date)}`;
  });
  addEventListener("afterprint", () => {
    for (const one of closed) one.open = false;
  });
}

/** Whoever comes back to the page, or loads it again, finds open what was. */
function keep_open(all: HTMLDetailsElement[]): void {
  const key = `open ${location.pathname}`;
  const [entry] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  try {
    if (entry?.type === "back_forward" || entry?.type === "reload") {
      const names = new Set(JSON.parse(sessionStorage.getItem(key) ?? "[]") as string[]);
      for (const one of all) if (names.has(one.parentElement?.id ?? "")) one.open = true;
    }
    addEventListener("pagehide", () => {
      const names = all.filter((one) => one.open).map((one) => one.parentElement?.id);
      if (names.length > 0) sessionStorage.setItem(key, JSON.stringify(names));
      else sessionStorage.removeItem(key);
    });
  } catch {
    // a browser that keeps nothing
  }
}

/** Says that a statement which was linked to is not here (any more): its address ends in sixteen digits. */
function missing(name: string): void {
  const text = document.querySelector<HTMLElement>("[data-missing]");
  if (text) text.hidden = !/^[0-9a-f]{16}$/.test(name) || document.getElementById(name) !== null;
}
