const KEY = "isoc-kg-theme";
const CHOICES = ["auto", "light", "dark"] as const;
const SIGNS = { auto: "◐", light: "☀", dark: "☾" };

type Choice = (typeof CHOICES)[number];

/** What the reader chose, as far as this machine remembers it. */
export function chosen(): Choice {
  try {
    const kept = localStorage.getItem(KEY);
    return CHOICES.find((one) => one === kept) ?? "auto";
  } catch {
    return "auto"; // storage is forbidden: a choice lasts as long as the page
  }
}

export function show(choice: Choice): void {
  if (choice === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = choice;
}

/** Lets the reader choose light or dark; the choice is kept on this machine where that is allowed. */
export function theme(): void {
  const button = document.querySelector<HTMLButtonElement>("[data-theme-toggle]");
  if (!button) return;
  let choice = chosen();
  const label = button.getAttribute("aria-label") ?? "";
  const names = (button.dataset.themeToggle ?? "").split("|");
  const tell = (): void => {
    button.textContent = SIGNS[choice];
    button.setAttribute("aria-label", `${label}: ${names[CHOICES.indexOf(choice)] ?? choice}`);
  };
  tell();
  button.hidden = false;
  button.addEventListener("click", () => {
    choice = CHOICES[(CHOICES.indexOf(choice) + 1) % CHOICES.length] ?? "auto";
    try {
      localStorage.setItem(KEY, choice);
    } catch {
      // as above
    }
    show(choice);
    tell();
    document.dispatchEvent(new Event("themechange"));
  });
}
