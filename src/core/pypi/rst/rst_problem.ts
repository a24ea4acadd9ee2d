/**
 * Whether PyPI renders a description in reStructuredText: its `readme_renderer` stops at the first warning of docutils, and then the
 * whole upload is refused. What is found here docutils would warn of; what is not looked at is said in docs/pypi.md.
 *
 * @module
 */

import { readBody } from "./rst_body.ts";
import { danglingProblems, emptyDocument, type RstProblem } from "./rst_document.ts";
import { rstLines } from "./rst_lines.ts";

/** The first thing for which a text does not render; undefined where nothing is found. */
export function rstProblem(text: string): RstProblem | undefined {
  if (text.trim() === "") return { line: 1, clause: "there is nothing in it" };
  const document = emptyDocument();
  const lines = rstLines(text);
  readBody(document, lines, true);
  if (document.last === "transition") {
    document.problems.push({ line: lines.length, clause: "a transition is the last of it" });
  }
  if (document.last === "start" && document.titleStyles.length === 0) {
    document.problems.push({ line: 1, clause: "there are only comments in it" });
  }
  return [...document.problems, ...danglingProblems(document)][0];
}
