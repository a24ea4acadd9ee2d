/**
 * Every code a {@link Failure} can carry: its exit status, what trips it, and the way out. `docs/errors.md` is written
 * from this table. Codes are public: one is added, none is renamed.
 *
 * @module
 */

/** What the documentation says of one code. */
export interface FailureDoc {
  /** 1: the release or the check did not succeed. 2: the input is wrong. */
  readonly exit: 1 | 2;
  /** What trips it, as a sentence. */
  readonly trips: string;
  /** The way out, as a sentence. */
  readonly mend: string;
}

/** A code of the closed set. */
export type FailureCode =
  // general
  | "PIOT_SEVERAL_PROBLEMS"
  | "PIOT_USAGE"
  | "PIOT_INTERRUPTED"
  // host
  | "PIOT_FILE_UNREADABLE"
  | "PIOT_PROGRAM_MISSING"
  | "PIOT_NETWORK"
  | "PIOT_URL_INSECURE"
  | "PIOT_GIT";

/** The documentation of every code. */
export const FAILURE_CODES: Readonly<Record<FailureCode, FailureDoc>> = {
  // general
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
  // host
  PIOT_FILE_UNREADABLE: {
    exit: 2,
    trips: "A file that the command needs cannot be read.",
    mend: "Check the path and its permissions.",
  },
  PIOT_PROGRAM_MISSING: {
    exit: 1,
    trips: "A program that the command starts (git or cargo) is not on PATH.",
    mend: "Install it, or put its folder on PATH.",
  },
  PIOT_NETWORK: {
    exit: 1,
    trips: "No answer came from a server: name lookup, connection, TLS or time limit.",
    mend: "Check the network and the service's status page, then run again.",
  },
  PIOT_URL_INSECURE: {
    exit: 2,
    trips: "An endpoint uses plain HTTP and is not on this machine.",
    mend: "Use https, or a loopback address for rehearsals.",
  },
  PIOT_GIT: {
    exit: 1,
    trips: "git ended with an error.",
    mend: "Read what git says; run the same command by hand in the repository to see more.",
  },
};
