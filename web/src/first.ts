// Runs before anything is drawn, so that a page never flashes in the theme that its reader has not chosen, and room is
// kept for what the other scripts show: nothing moves when they come.
import { open_target } from "./evidence";
import { chosen, show } from "./theme";

show(chosen());
document.documentElement.dataset.scripts = "";

// The statement that is linked to is opened as soon as it has been read: later, what follows it would move.
if (location.hash.length > 1) {
  const reading = new MutationObserver(() => {
    if (open_target()) reading.disconnect();
  });
  reading.observe(document, { childList: true, subtree: true });
  addEventListener("DOMContentLoaded", () => reading.disconnect());
}
