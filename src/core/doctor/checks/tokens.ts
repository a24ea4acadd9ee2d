/**
 * Tokens of registries, as the workflow passes them.
 *
 * @module
 */

import { wiredVariable } from "../authorisation.ts";
import type { Check } from "../check.ts";
import { type DoctorFacts, publishJobs } from "../facts.ts";
import type { Found } from "../finding.ts";
import type { OwnPlace } from "../own_places.ts";
import { isExpression, type Placed } from "../workflow.ts";

/** What other tools call such a token, and what it is called here. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  CARGO_TOKEN: "CARGO_REGISTRY_TOKEN",
  CRATES_IO_TOKEN: "CARGO_REGISTRY_TOKEN",
  CRATES_TOKEN: "CARGO_REGISTRY_TOKEN",
  CARGO_API_TOKEN: "CARGO_REGISTRY_TOKEN",
  CARGO_REGISTRIES_CRATES_IO_TOKEN: "CARGO_REGISTRY_TOKEN",
  PYPI_TOKEN: "PYPI_API_TOKEN",
  PYPI_PASSWORD: "PYPI_API_TOKEN",
  TWINE_PASSWORD: "PYPI_API_TOKEN",
  UV_PUBLISH_TOKEN: "PYPI_API_TOKEN",
  MATURIN_PYPI_TOKEN: "PYPI_API_TOKEN",
  POETRY_PYPI_TOKEN_PYPI: "PYPI_API_TOKEN",
  FLIT_PASSWORD: "PYPI_API_TOKEN",
  HATCH_INDEX_AUTH: "PYPI_API_TOKEN",
  NPM_AUTH_TOKEN: "NODE_AUTH_TOKEN",
  NPM_CONFIG_TOKEN: "NODE_AUTH_TOKEN",
  YARN_NPM_AUTH_TOKEN: "NODE_AUTH_TOKEN",
  NPM_PUBLISH_TOKEN: "NODE_AUTH_TOKEN",
};

/** Every variable that a publishing step gets. */
function variablesOf(
  { step, jobStep, in: { job, workflow } }: OwnPlace,
): readonly (readonly [string, Placed])[] {
  return [workflow.env, job.env, jobStep.env, step.env].flatMap((env) => [...env]);
}

function each(
  facts: DoctorFacts,
  judge: (place: OwnPlace) => readonly Found[],
): readonly Found[] | undefined {
  const jobs = publishJobs(facts);
  return jobs.length === 0 ? undefined : jobs.flatMap(judge);
}

/** Tokens are passed under the names that count. */
export const TOKEN_NAMES: Check = {
  id: "token-names",
  subject: "trust",
  title: "Tokens are passed under the names that this program reads",
  severity: "failed",
  why: "A token in a variable of another tool's is not used: the release says that it has none.",
  mend: "Call it CARGO_REGISTRY_TOKEN, PYPI_API_TOKEN or NODE_AUTH_TOKEN",
  run: (facts) =>
    each(facts, (place) => {
      const seen = new Set<Placed>();
      return variablesOf(place).flatMap(([name, value]): readonly Found[] => {
        const own = OTHER_NAMES[name.toUpperCase()];
        if (
          own === undefined || seen.has(value) || wiredVariable(place, own) !== undefined
        ) return [];
        seen.add(value);
        return [{
          message: `${name} is not read: this program takes that token from ${own}`,
          location: value.at,
          mend: `Write \`${own}: ${value.text}\``,
        }];
      });
    }),
};

/** No token stands in the file. */
export const NO_LITERAL_TOKEN: Check = {
  id: "no-literal-token",
  subject: "safety",
  title: "No token stands in a workflow",
  severity: "failed",
  why: "Everybody who can read the repository has it, and its history keeps it.",
  mend: "Revoke it at its registry, and put a new one into the secrets of the environment",
  run: (facts) =>
    facts.workflows.length === 0
      ? undefined
      : facts.workflows.flatMap(({ file, source }) =>
        source.split(/\r?\n/).flatMap((line, at): readonly Found[] => {
          const found =
            /\b(?:npm_[A-Za-z0-9]{36}|pypi-AgE[A-Za-z0-9_-]{50,}|cio[A-Za-z0-9]{32}|gh[pousr]_[A-Za-z0-9]{36})\b/
              .exec(line);
          return found === null ? [] : [{
            message: "A token stands in this line",
            location: { file, line: at + 1, column: found.index + 1 },
          }];
        })
      ),
};

/** Values are secrets. */
export const TOKEN_IS_SECRET: Check = {
  id: "token-is-secret",
  subject: "trust",
  title: "What is passed as a token is a secret",
  severity: "failed",
  why: "`vars` and texts are shown in logs; `secrets` are masked.",
  mend: "Write `${{ secrets.NAME }}`",
  run: (facts) =>
    each(facts, (place) => {
      const names = [...facts.credentials.values()].flatMap(({ variables }) => variables);
      return names.flatMap((name): readonly Found[] => {
        const value = wiredVariable(place, name);
        if (
          value === undefined || /\b(?:secrets|steps|needs|inputs|env)\b/.test(value.text)
        ) return [];
        const what = isExpression(value.text) ? `\`${value.text}\`` : "a text";
        return [{ message: `${name} is ${what}, and no secret`, location: value.at }];
      });
    }),
};

/** Called workflows get secrets handed on. */
export const SECRETS_HANDED_ON: Check = {
  id: "secrets-handed-on",
  subject: "trust",
  title: "A called workflow that publishes is given the secrets that it reads",
  severity: "failed",
  why:
    "A called workflow sees no secret that its caller does not hand on, and an empty token counts as none.",
  mend: "Add `secrets: inherit`, or the secrets by their names, to the calling job",
  run: (facts) =>
    each(facts, (place) => {
      if (place.chain.length < 2) return [];
      const read = variablesOf(place).flatMap(([, { text }]) =>
        /\bsecrets\.(\w+)/.exec(text)?.[1] ?? []
      ).filter((name) => name !== "GITHUB_TOKEN");
      return place.chain.slice(0, -1).flatMap(({ job }): readonly Found[] => {
        const given = job.raw.get("secrets");
        if (given?.text === "inherit") return [];
        const missing = read.find((name) => given?.get(name) === undefined);
        return missing === undefined ? [] : [{
          message:
            `Job "${job.id}" calls what publishes, and does not hand on the secret ${missing}`,
          location: given?.at ?? job.at,
        }];
      });
    }),
};
