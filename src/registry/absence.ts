/**
 * When a 404 is a registry's own word that it does not have something. A proxy, a load balancer or a captive portal
 * answers 404 as well, for everything there is; so a registry is known by how it says it.
 *
 * @module
 */

/**
 * How registries say it: npm `Not found`, PyPI `Not Found`, crates.io "crate `x` does not exist"; Verdaccio "no such
 * package available", GitLab "404 Project Not Found", Azure "cannot be found", Artifactory "could not find".
 */
const NOT_FOUND =
  /\bnot[ _-]?found\b|\bno such\b|\bdo(?:es)?(?: not|n't) (?:exist|have)\b|\bcannot (?:find|be found)\b|\b(?:unable|failed) to find\b|\bcould not find\b/i;

/** Whether a document says so, in one of the fields that registries say it in. */
export function saysNotFound(document: unknown): boolean {
  return wordsIn(document).some((words) => NOT_FOUND.test(words));
}

/** Whether a text says so as PyPI's Simple API does, and what is made of the same stuff: status and reason, as its start. */
export function startsNotFound(text: string): boolean {
  return /^404 Not Found\b/.test(text);
}

/** Whether a text is a page for people, rather than S3's XML for a key that it does not have. */
export function isPage(text: string): boolean {
  return /^\s*</.test(text) && !/^\s*<(?:\?xml|Error>)/.test(text);
}

function wordsIn(document: unknown): readonly string[] {
  if (typeof document !== "object" || document === null || Array.isArray(document)) return [];
  const { error, message, detail, errors } = document as Readonly<Record<string, unknown>>;
  const nested = Array.isArray(errors) ? wordsIn(errors[0]) : [];
  return [error, message, detail, ...nested].filter((words) => typeof words === "string");
}
