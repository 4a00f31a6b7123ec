// On every page: copy buttons, theme, facets, forms of named queries, suggestions in the search box.
import { copy_buttons } from "./copy";
import { evidence } from "./evidence";
import { facets } from "./facets";
import { query_forms } from "./query-forms";
import { suggestions } from "./suggestions";
import { theme } from "./theme";

theme();
copy_buttons();
evidence();
facets();
query_forms();
suggestions();
