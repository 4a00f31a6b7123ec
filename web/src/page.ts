// What every script knows of the page it runs in.

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

/** A text in the language of the publication, with what stands in it. */
export function say(key: string, values: Record<string, string | number> = {}): string {
  strings ??= JSON.parse(document.querySelector("#strings")?.textContent ?? "{}") as Record<string, string>;
  return (strings[key] ?? key).replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** A number as people of that language write it. */
export function figure(value: number): string {
  return value.toLocaleString(document.documentElement.lang);
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
