// The reading view: whoever has the document drops it onto the page, and its sentences appear in their places.
import { element, say } from "./page";
import { lead_to_section } from "./sections";
import { sha256 } from "./sha256";

const LARGEST = 20_000_000;

interface Place {
  item: HTMLElement;
  start: number;
  end: number;
  digest: string;
}

function places(section: HTMLElement): Place[] {
  return [...section.querySelectorAll<HTMLElement>("[data-unit]")].map((item) => ({
    item,
    start: Number(item.dataset.start),
    end: Number(item.dataset.end),
    digest: item.dataset.sha256 ?? "",
  }));
}

/** Shows the quotes of the units whose digests agree; tells how it went. */
async function read(section: HTMLElement, file: File): Promise<string> {
  const units = places(section);
  clear(units);
  if (file.size > LARGEST) return say("too_large", { name: file.name });
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return say("no_text", { name: file.name });
  }
  const same = sha256(bytes) === section.dataset.sha256;
  const points = Array.from(text); // positions count code points
  const encoder = new TextEncoder();
  let found = 0;
  let shift = 0;
  for (const unit of units) {
    // in an edited file, what follows the edit has moved by as much as the unit before it
    for (const by of new Set([0, shift])) {
      const quote = points.slice(unit.start + by, unit.end + by).join("");
      if (sha256(encoder.encode(quote)) !== unit.digest) continue;
      show(unit, quote);
      found += 1;
      shift = by;
      break;
    }
    if (!unit.item.querySelector(".quote")) {
      const by = drift(points, unit, shift, encoder);
      if (by === undefined) continue;
      show(unit, points.slice(unit.start + by, unit.end + by).join(""));
      found += 1;
      shift = by;
    }
  }
  if (found === 0) return say("other_document", { name: file.name });
  if (same) return say("same_document", { name: file.name, found });
  for (const unit of units) {
    if (!unit.item.querySelector(".quote")) unit.item.querySelector(".place")?.append(element("span", { class: "differs" }, ` – ${say("differs")}`));
  }
  return say("edited_document", { name: file.name, found, all: units.length });
}

/** By how much a unit has moved, looked for near its place. */
function drift(points: string[], unit: Place, around: number, encoder: TextEncoder): number | undefined {
  const length = unit.end - unit.start;
  for (let by = 1; by <= 60; by++) {
    for (const offset of [around + by, around - by]) {
      const start = unit.start + offset;
      if (start < 0 || start + length > points.length) continue;
      if (sha256(encoder.encode(points.slice(start, start + length).join(""))) === unit.digest) return offset;
    }
  }
  return undefined;
}

function show(unit: Place, quote: string): void {
  const words = element("blockquote", { class: "quote", dir: "auto" });
  words.textContent = quote;
  unit.item.querySelector("div")?.prepend(words);
}

function clear(units: Place[]): void {
  for (const { item } of units) for (const old of item.querySelectorAll(".quote, .differs")) old.remove();
}

lead_to_section();
const section = document.querySelector<HTMLElement>("#reading");
const drop = document.querySelector<HTMLElement>("#drop");
if (section && drop) {
  drop.hidden = false;
  const status = drop.querySelector("[role=status]");
  const input = drop.querySelector<HTMLInputElement>("input[type=file]");
  const take = (file: File | undefined): void => {
    if (!file || !status) return;
    status.textContent = say("reading", { name: file.name });
    read(section, file).then(
      (told) => (status.textContent = told),
      (error: unknown) => (status.textContent = say("unreadable", { name: file.name, why: String(error) })),
    );
  };
  input?.addEventListener("change", () => take(input.files?.[0]));
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
  document.addEventListener("dragleave", () => drop.classList.remove("over"));
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    take(event.dataTransfer?.files[0]);
  });
}
