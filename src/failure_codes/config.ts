/**
 * Codes of the configuration: `putitoutthere.toml` is missing, unreadable, or says what cannot be.
 *
 * @module
 */

/** The codes of the configuration. */
export const CONFIG_CODES = {
  PIOT_CONFIG_MISSING: {
    exit: 2,
    trips: "There is no configuration file where one was looked for.",
    mend: "Run `putitoutthere init` to write one, or name the file with `--config`.",
  },
  PIOT_CONFIG_EXISTS: {
    exit: 2,
    trips: "`init` would write a configuration file, and there is one already.",
    mend: "Change that file by hand, or write it anew with `--force`; what it says is lost then.",
  },
  PIOT_CONFIG_SYNTAX: {
    exit: 2,
    trips: "`putitoutthere.toml` is not valid TOML.",
    mend: "Mend the line that is shown; a string or bracket may have been left open above it.",
  },
  PIOT_CONFIG_INVALID: {
    exit: 2,
    trips:
      "`putitoutthere.toml` says something that cannot be: a key is missing, or a value is wrong.",
    mend: "Mend each problem that is listed; `docs/configuration.md` has every key.",
  },
  PIOT_CONFIG_UNKNOWN_KEY: {
    exit: 2,
    trips: "`putitoutthere.toml` has a key that does not exist there.",
    mend: "Correct its spelling, move it to the table that it belongs to, or remove it.",
  },
  PIOT_CONFIG_CYCLE: {
    exit: 2,
    trips: "Packages depend on each other in a circle through `depends_on`.",
    mend: "Remove one `depends_on` of the circle that is shown.",
  },
  PIOT_CONFIG_TAG_CLASH: {
    exit: 2,
    trips:
      "Two packages could be given the same git tag, or tags that git cannot hold side by side.",
    mend: "Change the `tag_format` of one of them: a tag must tell whose release it is.",
  },
  PIOT_TARGET_UNKNOWN: {
    exit: 2,
    trips: "A target is not one of the triples that are known.",
    mend: "Correct its spelling; the message lists every known target.",
  },
} as const;
