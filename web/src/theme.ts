const KEY = "isoc-kg-theme";
const CHOICES = ["auto", "light", "dark"] as const;
const SIGNS = { auto: "◐", light: "☀", dark: "☾" };

/** Lets the reader choose light or dark; the choice is kept on this machine where that is allowed. */
export function theme(): void {
  let choice: (typeof CHOICES)[number] = "auto";
  try {
    const kept = localStorage.getItem(KEY);
    choice = CHOICES.find((one) => one === kept) ?? "auto";
  } catch {
    // storage is forbidden: the choice lasts as long as the page
  }
  const button = document.querySelector<HTMLButtonElement>("[data-theme-toggle]");
  const label = button?.getAttribute("aria-label") ?? "";
  const names = (button?.dataset.themeToggle ?? "").split("|");
  const show = (): void => {
    if (choice === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = choice;
    if (!button) return;
    button.textContent = SIGNS[choice];
    button.setAttribute("aria-label", `${label}: ${names[CHOICES.indexOf(choice)] ?? choice}`);
    document.dispatchEvent(new Event("themechange"));
  };
  show();
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    choice = CHOICES[(CHOICES.indexOf(choice) + 1) % CHOICES.length] ?? "auto";
    try {
      localStorage.setItem(KEY, choice);
    } catch {
      // as above
    }
    show();
  });
}
