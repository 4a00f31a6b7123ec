/** A statement that is linked to is shown with its sentences; a button shows those of all; paper shows them too. */
export function evidence(): void {
  const all = [...document.querySelectorAll<HTMLDetailsElement>("details.evidence")];
  const open_target = (): void => {
    const name = decodeURIComponent(location.hash.slice(1));
    const details = name ? document.getElementById(name)?.querySelector("details") : null;
    if (details) details.open = true;
  };
  addEventListener("hashchange", open_target);
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

  let closed: HTMLDetailsElement[] = [];
  addEventListener("beforeprint", () => {
    closed = all.filter((one) => !one.open);
    for (const one of closed) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of closed) one.open = false;
  });
}
