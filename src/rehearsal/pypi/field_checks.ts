/**
 * The checks of single fields of core metadata that take more than a line (pypa/packaging `metadata.py`, pypi/warehouse
 * `forklift/metadata.py`). The list of classifiers is not here: of these only those that are deprecated, kept back, or of no
 * family are known. Neither is docutils: descriptions are not rendered.
 *
 * @module
 */

import { wrongLicense } from "./license_expression.ts";
import { isNameOfProject } from "./packaging.ts";
import { invalidField } from "./refusal.ts";
import { wrongRequirement } from "./requirements.ts";
import type { FormFields } from "./upload_form.ts";

/** What is wrong with a value, as PyPI's sentence; undefined when nothing is. */
type Judge = (value: string) => string | undefined;

/** By the field's name in the form: its header, and who judges it. */
const JUDGES: Readonly<Record<string, readonly [header: string, judge: Judge]>> = {
  license_expression: ["License-Expression", wrongLicense],
  requires_dist: ["Requires-Dist", wrongRequirement],
  provides_dist: ["Provides-Dist", wrongRequirement],
  obsoletes_dist: ["Obsoletes-Dist", wrongRequirement],
  provides_extra: [
    "Provides-Extra",
    (name) => isNameOfProject(name) ? undefined : `'${name}' is invalid.`,
  ],
  license_file: ["License-File", wrongPath],
  import_name: ["Import-Name", wrongImport],
  import_namespace: ["Import-Namespace", wrongImport],
  classifiers: ["Classifier", wrongClassifier],
  home_page: ["Home-page", wrongUrl],
  download_url: ["Download-URL", wrongUrl],
  author_email: ["Author-email", wrongMail],
  maintainer_email: ["Maintainer-email", wrongMail],
};

/** Checks every field that has a judge, or throws 400 in PyPI's words. */
export function checkFields(values: FormFields["values"]): void {
  for (const [name, [header, judge]] of Object.entries(JUDGES)) {
    for (const value of values(name)) {
      const why = judge(value);
      if (why !== undefined) throw invalidField(value, { header, why });
    }
  }
}

/** What Python's `PureWindowsPath` spells as it was, below where it stands. */
function wrongPath(path: string): string | undefined {
  if (path.includes("..")) return "parent directory indicators are not allowed.";
  if (path.includes("*")) return "paths must be resolved.";
  if (path.startsWith("/") || /^[A-Za-z]:\//.test(path)) return "paths must be relative.";
  const spelled = path.split(/[\\/]+/).filter((part, at) =>
    part !== "" && (part !== "." || (at === 0 && path === "."))
  );
  return spelled.join("/") === path ? undefined : "paths must use '/' delimiter.";
}

function wrongImport(value: string): string | undefined {
  const [name = "", ...options] = value.split(";");
  const words = name.trimEnd().split(".");
  const isName = words.every((word) =>
    word.normalize("NFKC").match(/^[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*$/u)
  );
  if (!isName) return `'${name}' is not a valid identifier.`;
  return options.length === 0 || options.join(";").trim() === "private"
    ? undefined
    : "the only valid option is 'private'.";
}

/** The families of pypa/trove-classifiers; one line for each. */
const FAMILIES = new Set(
  ("Development Status,Environment,Framework,Intended Audience,License,Natural Language,Operating System,Programming Language," +
    "Topic,Typing").split(","),
);

const DEPRECATED =
  /^(?:Framework :: Django CMS :: 4\.2$|Topic :: Communications :: Chat :: AOL|Natural Language :: Ukranian|License :: OSI Approved :: (?:Jabber|Intel|Sun Industry|MITRE|X\.Net))/;

function wrongClassifier(classifier: string): string | undefined {
  if (DEPRECATED.test(classifier)) return `The classifier '${classifier}' has been deprecated.`;
  return FAMILIES.has(classifier.split(" :: ")[0]!) && classifier.includes(" :: ")
    ? undefined
    : `'${classifier}' is not a valid classifier.`;
}

function wrongUrl(url: string): string | undefined {
  const [, scheme = "", , authority = "", rest = ""] =
    /^([^:/?#]+):(\/\/([^/?#]*))?([^#]*)/.exec(url) ?? [];
  const port = Number(/:(\d{1,5})$/.exec(authority)?.[1] ?? 0);
  const isTaken = ["http", "https"].includes(scheme.toLowerCase()) && port < 65_536 &&
    !/[[\]]/.test(rest);
  return isTaken ? undefined : `'${url}' is not a valid url.`;
}

const HOST = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/i;

/** One address alone, without quotes, is looked at; PyPI looks at some more. */
function wrongMail(text: string): string | undefined {
  if (/[,;:"()[\]\\]|<[^]*<|[^\x20-\x7e]/.test(text)) return undefined;
  const address = (/<([^<>]*)>\s*$/.exec(text)?.[1] ?? (/[<>]/.test(text) ? "" : text)).trim();
  const parts = address.split("@");
  if (/\s/.test(address) || address === "" || parts.length > 2 || parts[1] === "") return undefined;
  const [local = "", domain = ""] = parts;
  const labels = domain.split(".");
  const isHost = labels.length > 1 && labels.every((label) => HOST.test(label)) &&
    /[a-z]$/i.test(domain) && !/\.(?:test|local|localhost|invalid|onion|arpa)$/i.test(domain);
  return isHost && local.split(".").every((word) => word !== "")
    ? undefined
    : `'${address}' is not a valid email address.`;
}

/** Says what is wrong with a project's URL behind its label; undefined when nothing is. */
export function wrongProjectUrl(text: string): string | undefined {
  return wrongUrl(text.slice(text.indexOf(",") + 1).trim());
}
