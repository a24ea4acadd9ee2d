/**
 * npm packages in the configuration.
 *
 * @module
 */

import * as z from "zod/mini";
import { perPackage, registryNameOf, type Rule } from "../config/draft.ts";
import { quote } from "../config/finding.ts";
import type { KindConfig } from "../config/kind_config.ts";
import type { PackageTable } from "../config/package_table.ts";
import { described, text } from "../config/table_schema.ts";
import { familyTargetsKey, targetsAreThere, targetsByBuild } from "../config/targets.ts";
import { CONTROL, judgeBy, registryName, type TextRule } from "../config/text_rules.ts";
import type { NpmPackage } from "../model/package.ts";
import { parseTarget, type TargetInput } from "../target/target.ts";
import { didYouMean } from "../words/phrases.ts";
import { isDistTag } from "./dist_tag.ts";
import { NPM } from "./npm_kind.ts";
import { PLACEHOLDERS, placeholdersOf } from "./platform_name.ts";

/** `[[package]]` of an npm package. */
type NpmTable = PackageTable & {
  readonly access: NpmPackage["access"];
  readonly tag: string;
  readonly build: NpmPackage["build"];
  readonly targets: readonly TargetInput[];
  readonly platform_name?: string | undefined;
};

/** A dist-tag: what npm would not take for a range of versions (npm-package-arg). */
export const DIST_TAG: TextRule = {
  schema: { pattern: "^[A-Za-z0-9_.!~*'()-]+$" },
  judge: judgeBy([
    [(value) => value === "", "it is empty"],
    [
      (value) => /[^A-Za-z0-9_.!~*'()-]/.test(value),
      "it holds characters that a dist-tag may not",
    ],
    [
      (value) => !isDistTag(value),
      "npm reads it as a range of versions",
      "Use a word, such as latest or next",
    ],
  ]),
};

const NAME_ON_NPM = registryName(NPM.names);

/** A template of the names of platform packages. What it makes of each target is held to npm's rules besides. */
export const PLATFORM_NAME: TextRule = {
  schema: { minLength: 1 },
  judge: judgeBy([
    [(value) => value.trim() === "", "it is empty"],
    [(value) => CONTROL.test(value), "it holds a control character"],
    [
      (value) => placeholdersOf(value).find((word) => !PLACEHOLDERS.includes(word)),
      (unknown) => `it holds ${unknown}, which stands for nothing`,
      (unknown) =>
        [...didYouMean(unknown, PLACEHOLDERS), `Use ${PLACEHOLDERS.join(", ")}`].join(" "),
    ],
  ]),
};

/** Builds that make a platform package for each target. */
const PER_TARGET: readonly string[] = ["napi", "bundled-cli"];

/** A plain npm package has no platforms. */
const targetsMeanSomething: Rule = perPackage((draft) => {
  if (draft.values.build !== "none") return [];
  return ["targets", "platform_name"].filter((key) => Object.hasOwn(draft.table, key)).map((
    key,
  ) => ({
    path: [...draft.path, key],
    part: "key",
    message: `Cannot use ${key} of ${draft.label}: without build it has no platform packages`,
    hint: `Add build = "napi" or "bundled-cli", or remove ${key}`,
  }));
});

/** npm restricts scoped names only. */
const restrictedIsScoped: Rule = perPackage((draft) => {
  const name = registryNameOf(draft)?.value;
  if (draft.values.access !== "restricted") return [];
  if (name === undefined || name.startsWith("@")) return [];
  return [{
    path: [...draft.path, "access"],
    message: `Cannot use access "restricted" of ${draft.label}: ` +
      `npm restricts scoped packages only, and ${quote(name)} has no scope`,
    hint: `Use a name such as @scope/${name}, or access = "public"`,
  }];
});

/** An npm package's keys: its name there, who may read it, and the platforms of its family. */
export const NPM_CONFIG: KindConfig<NpmTable> = {
  rules: NPM,
  keys: {
    npm: z.optional(text(NAME_ON_NPM, "Its name on npm, when `name` is not it.")),
    access: z._default(
      described(
        z.enum(["public", "restricted"]),
        "Who may read it; restricted is for scoped names only.",
      ),
      "public",
    ),
    tag: z._default(text(DIST_TAG, "The dist-tag that a release moves."), "latest"),
    build: z._default(
      described(
        z.enum(["none", "napi", "bundled-cli"]),
        "How its platform packages come to be; none for a plain package.",
      ),
      "none",
    ),
    targets: familyTargetsKey(
      "The platforms of its family; required with napi and bundled-cli.",
      NAME_ON_NPM,
    ),
    platform_name: z.optional(
      text(PLATFORM_NAME, "The template of its platform packages' names: {name}-{target}."),
    ),
  },
  keywords: targetsByBuild(PER_TARGET, { without: "targets" }),
  findings: [targetsAreThere(PER_TARGET), targetsMeanSomething, restrictedIsScoped],
  toPackage: ({ access, tag, build, targets, platform_name: platformName }, base) => ({
    ...base,
    kind: "npm",
    access,
    distTag: tag,
    build,
    targets: targets.map(parseTarget),
    ...(platformName === undefined ? {} : { platformName }),
  }),
};
