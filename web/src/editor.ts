import { autocompletion, closeBrackets, completionStatus, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { sparql } from "@codemirror/legacy-modes/mode/sparql";
import { setDiagnostics } from "@codemirror/lint";
import { EditorState, type Transaction } from "@codemirror/state";
import { drawSelection, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { element, say, tell } from "./page";
import type { Editor, Note } from "./protocol";

const COLOURS = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--accent)", fontWeight: "600" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--good)" },
  { tag: [tags.variableName, tags.special(tags.variableName), tags.standard(tags.variableName)], color: "var(--warn)" },
  { tag: tags.comment, color: "var(--muted)", fontStyle: "italic" },
  { tag: [tags.atom, tags.number], color: "var(--bad)" },
]);
const LOOK = EditorView.theme({
  "&": { backgroundColor: "var(--surface)", color: "var(--ink)", border: "1px solid var(--muted)", borderRadius: "6px", fontSize: "0.95rem" },
  "&.cm-focused": { outline: "3px solid var(--accent)", outlineOffset: "2px" },
  ".cm-content": { fontFamily: "var(--mono)", minHeight: "11rem", caretColor: "var(--ink)" },
  ".cm-scroller": { maxHeight: "26rem", overflow: "auto" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--paper)", color: "var(--muted)", border: "none" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--mark) !important" },
  ".cm-tooltip": { backgroundColor: "var(--surface)", color: "var(--ink)", border: "1px solid var(--muted)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--paper)" },
  ".cm-completionDetail": { color: "inherit", fontStyle: "normal", opacity: "0.85" },
});
const KEYWORDS =
  "SELECT CONSTRUCT DESCRIBE ASK WHERE FILTER OPTIONAL UNION MINUS GRAPH VALUES BIND SERVICE DISTINCT REDUCED ORDER BY GROUP HAVING LIMIT OFFSET EXISTS NOT IN AS PREFIX BASE COUNT SUM AVG MIN MAX SAMPLE GROUP_CONCAT STR LANG LANGMATCHES DATATYPE BOUND IRI REGEX CONTAINS STRSTARTS STRENDS STRLEN LCASE UCASE REPLACE YEAR IF COALESCE".split(" ");

/** A SPARQL editor in a shadow root, where its styles may stand under the site's policy. */
export class QueryEditor {
  private readonly view: EditorView;

  constructor(host: HTMLElement, about: Editor, run: () => void, leave: () => void) {
    const shadow = host.attachShadow({ mode: "open" });
    const place = element("div");
    shadow.append(place);
    this.view = new EditorView({
      parent: place,
      root: shadow,
      state: EditorState.create({
        doc: "",
        extensions: [
          lineNumbers(), history(), drawSelection(), bracketMatching(), closeBrackets(),
          StreamLanguage.define(sparql), syntaxHighlighting(COLOURS), LOOK, EditorView.lineWrapping,
          EditorView.contentAttributes.of({ "aria-label": say("editor") }),
          autocompletion({ override: [(context) => complete(context, about)] }),
          EditorView.domEventHandlers({ beforeinput: replace_selection }),
          keymap.of([
            { key: "Mod-Enter", run: () => (run(), true) },
            { key: "Escape", run: (view) => (completionStatus(view.state) ? false : (leave(), true)) },
            ...historyKeymap, ...defaultKeymap,
          ]),
        ],
      }),
    });
    this.view.scrollDOM.tabIndex = 0; // what scrolls is reached by keyboard
    this.view.scrollDOM.setAttribute("role", "group");
    this.view.scrollDOM.setAttribute("aria-label", say("editor"));
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  set text(value: string) {
    this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: value } });
    this.mark(undefined, "");
  }

  /** Marks the place of an error; line and column count from 1. */
  mark(place: { line: number; column: number } | undefined, message: string): void {
    if (!place) {
      this.view.dispatch(setDiagnostics(this.view.state, []));
      return;
    }
    const line = this.view.state.doc.line(Math.min(Math.max(place.line, 1), this.view.state.doc.lines));
    const from = Math.min(line.from + Math.max(place.column - 1, 0), line.to);
    this.point([{ from, to: line.to, message }], "error");
    this.view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
  }

  /** Marks names that something is to be known of; places count from 0. */
  hint(notes: Note[]): void {
    const length = this.view.state.doc.length;
    this.point(notes.filter((note) => note.start >= 0 && note.start < length).map((note) => ({ from: note.start, to: length, message: tell(note.said) })), "warning");
  }

  /** Marks the names that begin at places, or the character there. */
  private point(marks: { from: number; to: number; message: string }[], severity: "error" | "warning"): void {
    const diagnostics = marks.map(({ from, to, message }) => {
      const name = /^(?:<[^>\s]*>|"(?:[^"\\]|\\.)*"|[^\s{}()[\];,|/^*+]+)/.exec(this.view.state.doc.sliceString(from, to))?.[0] ?? "";
      return { from, to: Math.min(from + Math.max(name.length, 1), this.view.state.doc.length), severity, message };
    });
    this.view.dispatch(setDiagnostics(this.view.state, diagnostics.sort((one, other) => one.from - other.from)));
  }
}

/** Typing over a selection: done here, because the browser would give the new text a style, which the policy forbids. */
function replace_selection(event: InputEvent, view: EditorView): boolean {
  const { from, to, empty } = view.state.selection.main;
  const text = event.data;
  if (empty || !text || event.inputType !== "insertText" || view.state.selection.ranges.length > 1) return false;
  const change = { changes: { from, to, insert: text }, selection: { anchor: from + text.length }, userEvent: "input.type", scrollIntoView: true };
  const insert = (): Transaction => view.state.update(change);
  event.preventDefault();
  if (!view.state.facet(EditorView.inputHandler).some((handler) => handler(view, from, to, text, insert))) view.dispatch(insert());
  return true;
}

function complete(context: CompletionContext, about: Editor): CompletionResult | null {
  const name = context.matchBefore(/[A-Za-z_][\w.-]*:[\w.-]*/);
  if (name) {
    const options = [
      ...about.terms.map((term) => ({ label: term.n, detail: term.l, info: term.d || undefined, type: term.k === "class" ? "class" : "property" })),
      ...about.things.map((thing) => ({ label: thing.n, detail: thing.l, type: "constant" })),
    ];
    return { from: name.from, options, validFor: /^[\w.:-]*$/ };
  }
  const variable = context.matchBefore(/[?$]\w*/);
  if (variable) {
    const known = new Set(context.state.doc.toString().match(/[?$]\w+/g) ?? []);
    known.delete(variable.text);
    return { from: variable.from, options: [...known].map((label) => ({ label, type: "variable" })) };
  }
  const word = context.matchBefore(/[A-Za-z_]\w*/);
  if (!word && !context.explicit) return null;
  const options = [
    ...KEYWORDS.map((label) => ({ label, type: "keyword" })),
    ...Object.entries(about.prefixes).map(([prefix, iri]) => ({ label: `${prefix}:`, detail: iri, type: "namespace" })),
    ...about.terms.map((term) => ({ label: term.l, detail: term.n, apply: term.n, info: term.d || undefined, type: "property" })),
    ...about.things.map((thing) => ({ label: thing.l, detail: thing.n, apply: thing.n, type: "constant" })),
  ];
  return { from: word?.from ?? context.pos, options };
}
