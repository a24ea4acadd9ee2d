/**
 * What doctor found, as people read it: packages, artifacts, phases of the trust policy, then every finding with its place
 * and its mend.
 *
 * @module
 */

import type { PackageHead } from "../core/doctor/authorisation.ts";
import type { DoctorDocument } from "../core/doctor/doctor_document.ts";
import type { Finding } from "../core/doctor/finding.ts";
import { count } from "./amounts.ts";
import { hintLines, locationLines } from "./render_problem.ts";
import { escapeText, guardCommands } from "./safe_text.ts";
import { alignColumns, type Cell, type Palette, PLAIN } from "./terminal.ts";

/** How it is shown. */
export interface DoctorVoice {
  readonly palette?: Palette;
  /** Whether checks that passed are named. */
  readonly verbose?: boolean;
  /** Only findings and the end. */
  readonly quiet?: boolean;
  readonly folder?: string;
}

/** The document as lines, without a newline at the end. */
export function renderDoctor(document: DoctorDocument, voice: DoctorVoice = {}): string {
  const { palette = PLAIN, verbose = false, quiet = false, folder = "" } = voice;
  const head = quiet ? [] : [
    ...alignColumns(document.packages.map((pkg) => headRow(pkg, palette))),
    ...artifactLines(document, palette),
    ...document.trust_policy.map(({ name, verdict, line }) =>
      `${name}: ${WORDS[verdict](palette)}${line === "" ? "" : `, ${escapeText(line)}`}`
    ),
    ...verbose ? checkLines(document, palette) : [],
    ...document.publishers.map((line) => `  ${escapeText(line)}`),
  ];
  const findings = document.findings.flatMap((finding) =>
    findingLines(finding, { palette, folder })
  );
  return guardCommands([...head, ...findings, endLine(document, palette)].join("\n"));
}

function headRow({ name, kind, auth, works, why }: PackageHead, palette: Palette): readonly Cell[] {
  const verdict = works === null ? "cannot tell" : works ? "works" : "cannot work";
  const colour = works === null ? palette.yellow : works ? palette.green : palette.red;
  return [[escapeText(name), palette.bold], kind, auth, [verdict, colour], escapeText(why)];
}

function artifactLines({ artifacts }: DoctorDocument, palette: Palette): readonly string[] {
  if (artifacts === null) return [];
  const { folder, verdict, line } = artifacts;
  return [`artifacts in ${escapeText(folder)}: ${WORDS[verdict](palette)}, ${escapeText(line)}`];
}

function checkLines({ checks }: DoctorDocument, palette: Palette): readonly string[] {
  return checks.map(({ id, verdict }) => `  ${id}: ${WORDS[verdict](palette)}`);
}

const WORDS: Readonly<
  Record<DoctorDocument["checks"][number]["verdict"] | "neutral", (palette: Palette) => string>
> = {
  "passed": ({ green }) => green("ok"),
  "failed": ({ red }) => red("failed"),
  "warning": ({ yellow }) => yellow("warning"),
  "unknown": ({ yellow }) => yellow("cannot tell"),
  "neutral": ({ dim }) => dim("skipped"),
  "not-applicable": ({ dim }) => dim("nothing to look at"),
};

function findingLines(
  { check, weight, message, mend, location }: Finding,
  { palette, folder }: { readonly palette: Palette; readonly folder: string },
): readonly string[] {
  const paint = weight === "failed" ? palette.red : palette.yellow;
  const word = weight === "failed" ? "error" : weight === "warning" ? "warning" : "cannot tell";
  return [
    "",
    `${paint(`${word}[${escapeText(check)}]`)}: ${escapeText(message)}`,
    ...locationLines(location, { palette, folder }),
    ...hintLines(mend, palette),
  ];
}

/** Only what was all told and all right is that. */
function endLine(document: DoctorDocument, palette: Palette): string {
  const { failed, warnings, unknown, unanswered } = document.counts;
  if (failed + warnings + unknown + unanswered === 0) return palette.green("All checks passed.");
  const parts = [
    failed > 0 ? count(failed, "problem") : "No problem",
    ...warnings > 0 ? [count(warnings, "warning")] : [],
    ...unknown + unanswered > 0 ? [`${unknown + unanswered} could not be told`] : [],
  ];
  const text = `${parts.join(", ")}.`;
  return `\n${failed > 0 ? palette.red(text) : palette.yellow(text)}`;
}
