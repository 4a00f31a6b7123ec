// On every page: copy buttons, theme, facets, suggestions in the search box.
import { copy_buttons } from "./copy";
import { evidence } from "./evidence";
import { facets } from "./facets";
import { fetching } from "./fetching";
import { list_filter } from "./list-filter";
import { ahead, missing } from "./missing";
import { search_key } from "./search-key";
import { suggestions } from "./suggestions";
import { theme } from "./theme";

ahead();
theme();
copy_buttons();
evidence();
facets();
fetching();
list_filter();
suggestions();
search_key();
missing().catch(() => undefined);
