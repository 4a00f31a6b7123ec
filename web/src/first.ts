// Runs before anything is drawn, so that a page never flashes in the theme that its reader has not chosen.
import { chosen, show } from "./theme";

show(chosen());
