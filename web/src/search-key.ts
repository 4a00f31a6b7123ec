// The key / leads to the search field. Whoever speaks to the machine, or presses keys by accident, can turn that off on
// the search page (WCAG 2.2, 2.1.4).
const KEY = "isoc-kg-search-key";

function off(): boolean {
  try {
    return localStorage.getItem(KEY) === "off";
  } catch {
    return off_here; // storage is forbidden: a choice lasts as long as the page
  }
}

let off_here = false;

export function search_key(): void {
  const field = document.querySelector<HTMLInputElement>("form[data-search] input[name=q]");
  if (!field) return;
  const placeholder = field.placeholder;
  const tell = (): void => {
    const on = !off();
    const text = on ? (field.dataset["key"] ?? placeholder) : placeholder;
    field.title = text;
    if (matchMedia("(hover: hover)").matches) field.placeholder = text; // others have no keyboard, as a rule
    if (on) field.setAttribute("aria-keyshortcuts", "/");
    else field.removeAttribute("aria-keyshortcuts");
  };
  tell();
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented || off()) return;
    if (is_text(event.target)) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
  const choice = document.querySelector<HTMLElement>("[data-search-key]");
  const box = choice?.querySelector("input");
  if (!choice || !box) return;
  choice.hidden = false;
  box.checked = !off();
  box.addEventListener("change", () => {
    off_here = !box.checked;
    try {
      if (off_here) localStorage.setItem(KEY, "off");
      else localStorage.removeItem(KEY);
    } catch {
      // as above
    }
    tell();
  });
}

const BUTTONS = ["button", "checkbox", "radio", "range", "submit", "reset", "image", "color", "file"];

/** Whether keys pressed there are text, or choose among values. */
function is_text(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !BUTTONS.includes(target.type);
  return target.isContentEditable || target.matches("textarea, select");
}
