import { element } from "./page";

/** Shows the copy buttons and lets them copy; what happened is told to screen readers too. */
export function copy_buttons(): void {
  const words = document.documentElement.dataset;
  const status = element("p", { class: "hidden", role: "status" });
  document.body.append(status);
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
    button.hidden = false;
    const label = button.textContent ?? "";
    let waiting = 0;
    button.addEventListener("click", async () => {
      const done = await copy(button.dataset.copy ?? "");
      button.textContent = (done ? words.copied : words.notCopied) ?? "";
      status.textContent = button.textContent;
      clearTimeout(waiting);
      waiting = window.setTimeout(() => {
        button.textContent = label;
        status.textContent = "";
      }, 1500);
    });
  }
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
