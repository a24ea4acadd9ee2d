/**
 * Which classifiers PyPI takes (pypi/warehouse `forklift/metadata.py`): those of its own list, and of these none that is deprecated.
 *
 * @module
 */

import { nearest } from "../../words/phrases.ts";
import { CLASSIFIERS, DEPRECATED_CLASSIFIERS, LISTED_ON } from "./trove_classifiers.ts";

/** Why PyPI would refuse a classifier, as a clause; undefined when it would not, as far as is known. */
export function classifierProblem(classifier: string): string | undefined {
  const successors = DEPRECATED_CLASSIFIERS.get(classifier);
  if (successors !== undefined) {
    const instead = successors.length === 0 ? "" : `; ${successors.join(" or ")} stands for it`;
    return `the classifier "${classifier}" is deprecated, and PyPI takes it no more${instead}`;
  }
  if (CLASSIFIERS.has(classifier) || isLater(classifier)) return undefined;
  if (classifier.startsWith("Private ::")) {
    return `the classifier "${classifier}" forbids publishing it`;
  }
  const near = nearest(classifier, [...CLASSIFIERS]);
  const question = near === undefined ? "" : `; did you mean "${near}"?`;
  return `the classifier "${classifier}" is none of PyPI's list of ${LISTED_ON}${question}`;
}

/** What may be on PyPI's list by now although it is not on ours, as a sentence; undefined for all else. */
export function classifierDoubt(classifier: string): string | undefined {
  if (CLASSIFIERS.has(classifier) || !isLater(classifier)) return undefined;
  return `the classifier "${classifier}" is not on PyPI's list of ${LISTED_ON}, and PyPI refuses it unless it came since`;
}

/** Whether it is the next version of what has versions on the list: `Programming Language :: Python :: 3.99`. */
function isLater(classifier: string): boolean {
  const [, family = "", number = ""] = /^(.* :: )(\d+(?:\.\d+)*)$/.exec(classifier) ?? [];
  if (number === "" || CLASSIFIERS.has(classifier)) return false;
  const versions = [...CLASSIFIERS].flatMap((listed) =>
    listed.startsWith(family) && /^\d+(?:\.\d+)*$/.test(listed.slice(family.length))
      ? [listed.slice(family.length)]
      : []
  );
  return versions.length > 0 && versions.every((version) => isBelow(version, number));
}

function isBelow(left: string, right: string): boolean {
  const [numbers, others] = [left.split(".").map(Number), right.split(".").map(Number)];
  const at = numbers.findIndex((number, index) => number !== others[index]);
  return at < 0 ? numbers.length < others.length : numbers[at]! < (others[at] ?? 0);
}
