/**
 * Which licence expressions PyPI takes in `License-Expression`: SPDX's, by the reading of `packaging.licenses`, which asks for no
 * capitals, takes `+` behind every licence, and knows no `DocumentRef-`.
 *
 * @module
 */

// @ts-types="@types/spdx-expression-parse"
import parse from "spdx-expression-parse";
import { EXCEPTIONS, LICENCES, SPDX_VERSION } from "./spdx_licences.ts";

/** Why PyPI would refuse an expression, as a clause; undefined when it would not. */
export function licenceExpressionProblem(expression: string): string | undefined {
  const words = expression.replace(/[()]/g, " $& ").split(/\s+/).filter((word) => word !== "");
  const shape: string[] = [];
  for (const word of words) {
    const kind = kindOf(word, shape.at(-1));
    if (kind === undefined) return `SPDX ${SPDX_VERSION}, which PyPI goes by, has no "${word}"`;
    shape.push(kind);
  }
  try {
    // The names are judged already; what is left is how they are joined.
    parse(shape.join(" "));
    return undefined;
  } catch {
    return "it is no expression of SPDX: licences with AND, OR and WITH between them";
  }
}

/** An operator in capitals, or one known word for every word of a kind; undefined for what is of none. */
function kindOf(word: string, before: string | undefined): string | undefined {
  const name = word.toLowerCase();
  if (/^(?:and|or|with|[()])$/.test(name)) return name.toUpperCase();
  if (before === "WITH") return EXCEPTIONS.has(name) ? "Classpath-exception-2.0" : undefined;
  const isLicence = LICENCES.has(name.replace(/\+$/, "")) || /^licenseref-[a-z0-9.-]+$/.test(name);
  return isLicence ? "MIT" : undefined;
}
