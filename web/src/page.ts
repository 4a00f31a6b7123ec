// What every script knows of the page it runs in.
import type { Said } from "./protocol";

/** Leads from the page to the site's root: `../`, or nothing. */
export const root: string = document.documentElement.dataset.root ?? "";

/** Pages opened as files cannot read data beside them. */
export const opened_as_file: boolean = location.protocol === "file:";

type Child = Node | string;

/** An element with attributes and children; text is always text. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Record<string, string> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const result = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) result.setAttribute(key, value);
  result.append(...children);
  return result;
}

let strings: Record<string, string> | undefined;
let untranslated: ReadonlySet<string> = new Set();
const in_english = new Set<string>(); // what was said of it
const MOST = 1000;

/** The texts of the page, read once; where some are in English alone, elements that show them are told so. */
function texts(): Record<string, string> {
  if (strings) return strings;
  const { "-english": english, ...rest } = JSON.parse(document.querySelector("#strings")?.textContent ?? "{}") as Record<string, string> & { "-english"?: string[] };
  strings = rest;
  untranslated = new Set(english);
  if (untranslated.size > 0) {
    const options = { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: LABELS };
    new MutationObserver((changes) => changes.forEach(mark)).observe(document.documentElement, options);
  }
  return strings;
}

const LABELS = ["aria-label", "placeholder", "title"];
const WHOLE = "button, option, label, legend, a, span"; // what has no lines of its own; else they would be turned, too

/** Marks what a change has brought: texts of ours in English, and elements without text of their own with such labels. */
function mark(change: MutationRecord): void {
  const nodes = change.type === "childList" ? [...change.addedNodes] : [change.target];
  for (const node of nodes) {
    const within = node instanceof Element ? [node, ...node.querySelectorAll("*")] : [node.parentElement];
    for (const one of within) {
      if (!one || one.matches("script, style")) continue;
      const alone = one.children.length === 0;
      const said = in_english.has((one.textContent ?? "").trim());
      const labelled = !one.textContent && LABELS.some((name) => in_english.has(one.getAttribute(name) ?? ""));
      if (alone && (labelled || (said && one.matches(WHOLE)))) english(one);
      else if (alone && one instanceof HTMLElement && one.dataset.english !== undefined) foreign(one);
      else for (const part of [...one.childNodes]) if (part instanceof Text && in_english.has(part.data.trim())) wrap(part);
    }
  }
}

function english(one: Element): void {
  if (one.getAttribute("lang") === "en") return;
  one.setAttribute("lang", "en");
  one.setAttribute("dir", "ltr");
  one.setAttribute("data-english", "");
}

/** An element that says something else by now. */
function foreign(one: HTMLElement): void {
  for (const name of ["lang", "dir", "data-english"]) one.removeAttribute(name);
}

function wrap(part: Text): void {
  const span = element("span", { lang: "en", dir: "ltr", "data-english": "" });
  part.replaceWith(span);
  span.append(part);
}

/** A text in the language of the publication, with what stands in it; that for one thing where `count` is 1. */
export function say(key: string, values: Record<string, string | number> = {}): string {
  const one = `${key}_one`;
  if (String(values["count"]) === "1" && one in texts()) key = one;
  const text = (texts()[key] ?? key).replace(/\{\{|\}\}|\{(\w+)\}/g, (whole, name?: string) => (name ? String(values[name] ?? whole) : whole[0]!));
  if (untranslated.has(key)) {
    if (in_english.size >= MOST) in_english.clear();
    in_english.add(text.trim());
  }
  return text;
}

/** Sentences as one text, with a capital where no name begins it. */
export function tell(sentences: Said[], capital = false): string {
  const before = in_english.size;
  const told = sentences.map(filled).join(" ");
  const text = capital && !told.split(" ", 1)[0]!.includes(":") ? told.charAt(0).toUpperCase() + told.slice(1) : told;
  if (in_english.size > before || sentences.some(({ key }) => untranslated.has(key))) in_english.add(text.trim());
  return text;
}

function filled({ key, values }: Said): string {
  if (!key) return String(values.text);
  return say(key, Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typeof value === "object" ? filled(value) : value])));
}

/** A number as people of that language write it, with the digits that the pages have. */
export function figure(value: number): string {
  return value.toLocaleString(document.documentElement.lang, { numberingSystem: "latn" });
}

/** A JSON file of the site. */
export async function data<T>(path: string): Promise<T> {
  const response = await fetch(root + path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return (await response.json()) as T;
}

/** Says in the page that scripts have nothing to read; whether they have not. */
export function needs_host(): boolean {
  if (!opened_as_file) return false;
  for (const notice of document.querySelectorAll<HTMLElement>("[data-needs-host]")) notice.hidden = false;
  return true;
}
