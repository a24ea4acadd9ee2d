/**
 * Codes of the command line itself: what was typed, what was interrupted, and how several problems are told together.
 *
 * @module
 */

/** The codes of the command line. */
export const USAGE_CODES = {
  PIOT_SEVERAL_PROBLEMS: {
    exit: 1,
    trips: "Several independent problems were found before anything was written.",
    mend: "Mend each problem that is listed under it; each has its own code.",
  },
  PIOT_USAGE: {
    exit: 2,
    trips: "A command, flag or argument is unknown, missing or malformed.",
    mend: "Run the command with `--help`.",
  },
  PIOT_INTERRUPTED: {
    exit: 1,
    trips: "The run was interrupted by a signal.",
    mend: "Run the same command again from the same commit.",
  },
} as const;
