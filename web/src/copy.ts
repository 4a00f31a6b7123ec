import { element } from "./page";

/** Shows the copy buttons and lets them copy; what happened is told to screen readers too. */
export function copy_buttons(): void {
  const status = element("p", { class: "hidden", role: "status" });
  document.body.append(status);
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
    button.hidden = false;
    lets_copy(button, () => button.dataset.copy ?? "", status);
  }
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-turtle]")) {
    const link = button.closest(".evidence")?.querySelector<HTMLAnchorElement>("details.cite a");
    if (!link) continue;
    button.hidden = false;
    // begun before the click, since some browsers let nothing be copied long after it
    for (const early of ["pointerenter", "focus"]) {
      button.addEventListener(early, () => void citations_at(link).catch(() => undefined), { once: true });
    }
    lets_copy(button, async () => turtle_of(await citations_at(link), anchor_of(link)), status);
  }
  citations(status);
}

/** Gives each form of a citation a button when it is first unfolded; most never are. */
function citations(status: HTMLElement): void {
  for (const cite of document.querySelectorAll<HTMLElement>(".cite[data-verb]")) {
    const fill = (): void => {
      for (const form of cite.querySelectorAll("pre")) add_button(form, cite, form.previousElementSibling, status);
    };
    if (cite instanceof HTMLDetailsElement) cite.addEventListener("toggle", fill, { once: true });
    else fill();
  }
  for (const cite of document.querySelectorAll<HTMLDetailsElement>(".evidence details.cite")) {
    const link = cite.querySelector("a");
    const fill = async (): Promise<void> => {
      if (!link) return;
      const from = (await citations_at(link)).getElementById(anchor_of(link));
      const row = element("p", { class: "tools" });
      // the Turtle has a button above
      for (const form of from?.querySelectorAll<HTMLElement>("pre:not(.turtle)") ?? []) if (from) add_button(form, from, row, status);
      link.parentElement?.after(row);
    };
    // where the file cannot be read, as in pages that are files themselves, the link leads to it
    cite.addEventListener("toggle", () => void fill().catch(() => undefined), { once: true });
  }
}

/** Puts a button for one form of a citation at a place. */
function add_button(form: HTMLElement, cite: HTMLElement, place: Element | null, status: HTMLElement): void {
  const name = form.previousElementSibling?.firstChild?.textContent ?? "";
  const whole_name = (cite.dataset.verb ?? "{name}").replace("{name}", name.trim());
  // beside the name itself the verb alone is enough to see
  const verb = place === form.previousElementSibling ? (cite.dataset.copies ?? "") : "";
  const button = element("button", { type: "button", ...(verb ? { "aria-label": whole_name } : {}) }, verb || whole_name);
  place?.append(" ", button);
  const whole = form.classList.contains("turtle");
  lets_copy(button, () => (whole ? turtle_of(cite.ownerDocument, cite.id) : (form.textContent ?? "")), status);
}

const read = new Map<string, Promise<Document>>();

/** The file that a link leads to; read once. */
function citations_at(link: HTMLAnchorElement): Promise<Document> {
  const address = link.href.split("#")[0] ?? "";
  let page = read.get(address);
  if (!page) {
    page = fetch(address).then(async (answer) => {
      if (!answer.ok) throw new Error(answer.statusText);
      return new DOMParser().parseFromString(await answer.text(), "text/html");
    });
    page.catch(() => read.delete(address));
    read.set(address, page);
  }
  return page;
}

function anchor_of(link: HTMLAnchorElement): string {
  return decodeURIComponent(link.hash.slice(1));
}

/** A statement in Turtle that stands alone: the prefixes that it uses, its claim, and the sources that these name. */
function turtle_of(page: Document, anchor: string): string {
  const cite = page.getElementById(anchor);
  const text = (id: string): string => page.getElementById(id)?.textContent?.trim() ?? "";
  const sources = (cite?.dataset.needs ?? "").split(" ").filter(Boolean).map(text);
  const own = (cite?.querySelector("pre.turtle")?.textContent?.trim() ?? "").replace(/^(@prefix .*\n+)+/, "");
  const body = [own, ...sources].join("\n\n");
  const prefixes = text("prefixes")
    .split("\n")
    .filter((line) => body.includes(line.slice("@prefix ".length, line.indexOf(":") + 1)));
  return `${[prefixes.join("\n"), body].filter(Boolean).join("\n\n")}\n`;
}

function lets_copy(button: HTMLButtonElement, text: () => string | Promise<string>, status: HTMLElement): void {
  const words = document.documentElement.dataset;
  const label = button.textContent ?? "";
  let waiting = 0;
  button.addEventListener("click", async () => {
    const done = await Promise.resolve()
      .then(text)
      .then(copy)
      .catch(() => false);
    button.textContent = (done ? words.copied : words.notCopied) ?? "";
    status.textContent = button.textContent;
    clearTimeout(waiting);
    waiting = window.setTimeout(() => {
      button.textContent = label;
      status.textContent = "";
    }, 1500);
  });
}

/** Puts a text on the clipboard, also where only the old way exists. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = element("textarea", { readonly: "", class: "hidden" }, text);
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}
