/**
 * Whether PyPI takes a description: the content type has to be one that it renders, and the text has to render (pypi/warehouse
 * `forklift/legacy.py` and `utils/readme.py`; pypa/packaging `metadata.py`). Plain text and Markdown always do.
 *
 * @module
 */

import { type CoreMetadata, metadataField } from "../core_metadata.ts";
import { rstProblem } from "../rst/rst_problem.ts";

/** What is wrong with a description, as clauses; empty when PyPI renders it, as far as is known. */
export function descriptionProblems(metadata: CoreMetadata): readonly string[] {
  const declared = metadataField(metadata, "Description-Content-Type") ?? "";
  const problem = declared === "" ? undefined : contentTypeProblem(declared);
  return problem === undefined
    ? renderingProblems(metadata, declared)
    : [`Description-Content-Type "${declared}" ${problem}`];
}

/** Without a content type a description is reStructuredText. */
function renderingProblems(metadata: CoreMetadata, declared: string): readonly string[] {
  const text = metadataField(metadata, "Description") ?? "";
  const isRst = declared === "" || /^\s*text\/x-rst/i.test(declared);
  const problem = isRst && text !== "" ? rstProblem(text) : undefined;
  if (problem === undefined) return [];
  const how = declared === ""
    ? "without Description-Content-Type PyPI reads the description as reStructuredText, and it does not render"
    : "the description does not render";
  const hint = declared === "" && looksLikeMarkdown(text)
    ? "; it looks like Markdown, which wants Description-Content-Type: text/markdown"
    : "";
  return [`${how}: in its line ${problem.line}, ${problem.clause}${hint}`];
}

/** A heading of `#`, a fence, a link or an image as Markdown spells them. */
function looksLikeMarkdown(text: string): boolean {
  return /^#{1,6} \S|^```|\]\(\S+\)/m.test(text);
}

/** What is wrong with a description's content type; undefined when PyPI renders it. */
function contentTypeProblem(declared: string): string | undefined {
  const [type = "", ...parameters] = declared.replace(/;\s*$/, "").split(";").map((piece) =>
    piece.trim()
  );
  if (!["text/plain", "text/x-rst", "text/markdown"].includes(type.toLowerCase())) {
    return "is not text/plain, text/x-rst or text/markdown";
  }
  const odd = parameters.find((parameter) => !/^[^\s=*]+\*?\s*=/.test(parameter));
  if (odd !== undefined) return `has "${odd}", which is no parameter`;
  const pairs = parameters.map((parameter) => parameter.split("=").map((side) => side.trim()));
  const of = (key: string): string | undefined =>
    pairs.find(([name = ""]) => name.toLowerCase() === key)?.[1]?.replaceAll('"', "");
  if ((of("charset") ?? "UTF-8").toUpperCase() !== "UTF-8") return "has another charset than UTF-8";
  const variant = of("variant");
  const isMarkdown = type.toLowerCase() === "text/markdown";
  if (isMarkdown && variant !== undefined && !["GFM", "CommonMark"].includes(variant)) {
    return "has another variant than GFM or CommonMark";
  }
  return undefined;
}
