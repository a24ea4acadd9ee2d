/**
 * The text of `docs/doctor.md`, made from the checks.
 *
 * @module
 */

import type { Check, Subject } from "../src/core/doctor/check.ts";
import { CHECKS } from "../src/core/doctor/checks.ts";

const HEAD = `<!-- deno-fmt-ignore-file -->
<!-- Written by scripts/write_doctor.ts from src/core/doctor/. -->

# doctor

\`\`\`sh
putitoutthere doctor                 # files and the environment alone: fast, and nobody is asked
putitoutthere doctor --online        # the registries and GitHub are asked, too
putitoutthere doctor --artifacts     # what was built is checked as publishing would, in \`artifacts\` or in the folder named
\`\`\`

It says what would keep a release from going well, before there is one. It writes nothing, and mints no credential.
cargo reads crates, without network; with \`--artifacts\` they are packaged and built as publishing would.

First comes a line for each package: its name, its kind, how it would be authorised (\`oidc\`, \`token\`, \`both\` or
\`missing\`), and whether that can work. Then, with \`--artifacts\`, what was built. Then the trust policy, in four phases:

| phase | when | what it compares |
| --- | --- | --- |
| \`trust policy (local)\` | always | some workflow publishes, and its step is not commented out; its job has \`id-token: write\` and \`contents: write\`, of its own or inherited, and an \`environment\` |
| \`trust policy (declared)\` | where a package has a \`[package.trust_policy]\` | the declared workflow and environment with the files; in Actions with the workflow that runs, where that one publishes |
| \`trust policy (crates.io registry)\` | with \`CRATES_IO_DOCTOR_TOKEN\`, a token with the scope \`trusted-publishing\` | what crates.io has on file for each crate with what is declared; \`repository\` is \`GITHUB_REPOSITORY\` by default |
| \`trust policy (last release)\` | with \`--online\` | what the registries show of the newest versions with today's file, environment and repository |

Then comes every finding, with its place and what to do; then \`All checks passed.\`, or how many problems there are. What
cannot be told from what there is to read is told as that, and never counts as passed. In GitHub Actions findings are
annotations as well.

| exit status | meaning |
| --- | --- |
| 0 | no check failed; warnings and what could not be told are shown |
| 1 | a check failed |

\`--json\` prints

\`\`\`text
{schema, passed, counts: {failed, warnings, unknown, unanswered},
 packages: [{name, kind, registry_name, auth, works, why}],
 artifacts: {folder, verdict, line} | null,
 trust_policy: [{name, verdict, line}], checks: [{id, verdict}],
 findings: [{check, weight, message, mend, location: {file, line, column, excerpt}}],
 publishers: [sentences about who could publish what]}
\`\`\`

What the phases find carries their names, what was built \`artifacts\`, and the claims of a job that may ask for its identity
\`identity-claims\`: GitHub is asked for a token that no registry takes, and it is sent to none. Checks are added, and their words never change. A finding's \`weight\` is \`failed\`, \`warning\` or \`unknown\`; a check's
\`verdict\` is one of these, \`passed\`, or \`not-applicable\` where there is nothing that it could look at. \`works\` is null
where only a registry knows.
`;

const SUBJECTS: Readonly<Record<Subject, string>> = {
  trust: "What registries trust",
  workflow: "The workflow",
  artifacts: "What is built, and how it gets to the job that publishes",
  safety: "Who else could publish",
  manifest: "Configuration and manifests",
  names: "Names",
};

/** The page: what doctor does, then a table of checks for each subject. */
export function doctorPage(checks: readonly Check[] = CHECKS): string {
  const subjects = Object.keys(SUBJECTS) as readonly Subject[];
  const chapters = subjects.flatMap((subject) => {
    const own = checks.filter((check) => check.subject === subject);
    return own.length === 0 ? [] : [chapter(SUBJECTS[subject], own)];
  });
  return [HEAD, ...chapters].join("\n");
}

function chapter(title: string, checks: readonly Check[]): string {
  return `## ${title}

| check | what holds | otherwise | why, and what to do |
| --- | --- | --- | --- |
${checks.map(row).join("")}`;
}

function row({ id, title, severity, why, mend }: Check): string {
  const cells = [`\`${id}\``, title, severity, `${why} ${mend}.`];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`;
}
