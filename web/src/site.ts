// On every page: copy buttons, theme, facets, forms of named queries, suggestions in the search box.
import { copy_buttons } from "./copy";
import { facets } from "./facets";
import { query_forms } from "./query-forms";
import { suggestions } from "./suggestions";
import { theme } from "./theme";

theme();
copy_buttons();
facets();
query_forms();
suggestions();

// A statement that is linked to is shown with its evidence open.
function open_target(): void {
  const name = decodeURIComponent(location.hash.slice(1));
  const details = name ? document.getElementById(name)?.querySelector("details") : null;
  if (details) details.open = true;
}
addEventListener("hashchange", open_target);
open_target();
