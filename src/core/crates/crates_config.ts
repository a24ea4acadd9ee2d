/**
 * Crates in the configuration.
 *
 * @module
 */

import * as z from "zod/mini";
import type { KindConfig } from "../config/kind_config.ts";
import type { PackageTable } from "../config/package_table.ts";
import { described, text } from "../config/table_schema.ts";
import { CONTROL, judgeBy, registryName, type TextRule } from "../config/text_rules.ts";
import { CRATES } from "./crates_kind.ts";

/** `[[package]]` of a crate. */
type CratesTable = PackageTable & {
  readonly features: readonly string[];
  readonly no_default_features: boolean;
};

/** A cargo feature: they are joined by commas on cargo's command line. */
export const FEATURE: TextRule = {
  schema: { pattern: "^[^\\s,-][^\\s,]*$" },
  judge: judgeBy([[
    (value) => !/^[^\s,-][^\s,]*$/u.test(value) || CONTROL.test(value),
    "it is not the name of one feature",
    "Write one feature in each string, without blanks and commas",
  ]]),
};

/** A crate's keys: its name there, and the features of cargo's verification build. */
export const CRATES_CONFIG: KindConfig<CratesTable> = {
  rules: CRATES,
  keys: {
    crate: z.optional(
      text(registryName(CRATES.names), "Its name on crates.io, when `name` is not it."),
    ),
    features: z._default(
      described(
        z.array(text(FEATURE, "A feature of the crate.")),
        "The features that cargo's verification build turns on.",
      ),
      [],
    ),
    no_default_features: z._default(
      described(z.boolean(), "Whether cargo's verification build leaves the default features out."),
      false,
    ),
  },
  findings: [],
  toPackage: ({ features, no_default_features }, base) => ({
    ...base,
    kind: "crates",
    features,
    noDefaultFeatures: no_default_features,
  }),
};
