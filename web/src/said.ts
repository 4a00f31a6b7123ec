// Sentences for the page, made where the texts of the page are not at hand.
import type { Said } from "./protocol";

export const said = (key: string, values: Said["values"] = {}): Said => ({ key, values });

/** A text that is in no language of ours, such as the engine's. */
export const as_it_is = (text: string): Said => said("", { text });

/** Names with “or” between them. */
export function either(names: (string | Said)[]): string | Said {
  return names.slice(1).reduce((first, other) => said("hint_or", { first, other }), names[0] ?? "");
}

export const meant = (names: string[]): Said[] => (names.length > 0 ? [said("hint_meant", { names: either(names) })] : []);
