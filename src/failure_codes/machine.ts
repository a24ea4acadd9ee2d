/**
 * Codes of the machine (files, programs, the network, a GitHub runner's files), and of what the build left on it.
 *
 * @module
 */

/** The codes of the machine. */
export const MACHINE_CODES = {
  PIOT_FILE_UNREADABLE: {
    exit: 2,
    trips: "A file that the command needs cannot be read.",
    mend: "Check the path and its permissions.",
  },
  PIOT_FILE_UNWRITABLE: {
    exit: 2,
    trips: "A file that the command is to write cannot be written.",
    mend: "Check that its folder is there, and the permissions of both.",
  },
  PIOT_FILE_BORROWED: {
    exit: 1,
    trips: "A file that is to be changed for a while is changed by another run that is not over.",
    mend:
      "Wait until the run that the message names is over, or end it; the next run gives back what it borrowed, and goes on.",
  },
  PIOT_FILE_CHANGED: {
    exit: 1,
    trips:
      "A file that the run had changed for a while was changed by somebody else meanwhile, so it is not put back.",
    mend: "Compare it with the commit (`git diff`), and keep what is yours.",
  },
  PIOT_PROGRAM_MISSING: {
    exit: 1,
    trips:
      "A program that the command starts (git or cargo) is not on PATH, or is there and cannot run.",
    mend:
      "Install it, or put its folder on PATH. `rustup default stable` gives a cargo that cannot run its toolchain.",
  },
  PIOT_GIT: {
    exit: 1,
    trips: "git ended with an error.",
    mend: "Read what git says; run the same command by hand in the repository to see more.",
  },
  PIOT_NETWORK: {
    exit: 1,
    trips: "No answer came from a server: name lookup, connection, TLS or time limit.",
    mend: "Check the network and the service's status page, then run again.",
  },
  PIOT_ANSWER_TOO_LARGE: {
    exit: 1,
    trips: "A server's answer has more bytes, unpacked, than any answer of that kind.",
    mend:
      "Check what stands at the address that the message names and on the way there, then run again.",
  },
  PIOT_ANSWER_TOO_SLOW: {
    exit: 1,
    trips: "A server began an answer and did not come to its end in time.",
    mend: "Check the service's status page and the network, then run again.",
  },
  PIOT_ANSWER_BROKEN: {
    exit: 1,
    trips:
      "A server's answer is no HTTP: its status, its headers, or the packing of its body make no sense.",
    mend:
      "Check what stands at the address that the message names and on the way there, then run again.",
  },
  PIOT_ANSWER_REDIRECTED: {
    exit: 1,
    trips:
      "A server's answer leads to another server, to another protocol, to what is no address, or in circles.",
    mend:
      "If the service has moved, set its address (docs/publish.md lists the variables); else check what stands on the way there.",
  },
  PIOT_URL_INSECURE: {
    exit: 2,
    trips: "An endpoint uses plain HTTP and is not on this machine.",
    mend: "Use https, or a loopback address for rehearsals.",
  },
  PIOT_SETTINGS_COMMITTED: {
    exit: 2,
    trips:
      "A file of the repository (.npmrc, .cargo/config.toml, an included git configuration) says where packages and tokens go, and the user's own settings do not; or a program that would run beside a token is the repository's own (a folder in rust-toolchain, a tracked cargo).",
    mend:
      "Set the variable that the message names for the publish step, or remove the line or the program that it names.",
  },
  PIOT_RUNNER_FILE: {
    exit: 1,
    trips: "A file that the GitHub runner offers for outputs or summaries cannot be written.",
    mend: "Run inside a step of a workflow, or unset the variable that the message names.",
  },
  PIOT_OUTPUTS_TOO_LARGE: {
    exit: 1,
    trips: "The build matrix is larger than the outputs of a GitHub job may be.",
    mend: "Release fewer packages in one run, with `--release`.",
  },
} as const;

/** The codes of built artifacts. */
export const ARTIFACT_CODES = {
  PIOT_ARTIFACT_MISSING: {
    exit: 1,
    trips: "A built file that the release needs is not among the artifacts.",
    mend: "Make the build job upload the folder that the message names.",
  },
  PIOT_ARTIFACT_INVALID: {
    exit: 1,
    trips:
      "A built file is not what the plan asks for, or an archive is damaged or unsafe to read.",
    mend: "Mend the build so that it makes the file that the message describes.",
  },
  PIOT_CREDENTIAL_FILE: {
    exit: 1,
    trips:
      "An archive that would be published holds a file that looks like a credential, and nothing names that file as one to be published.",
    mend:
      "Keep it out of the package. Where it is meant for everybody, write its path out, letter by letter, in `files` of package.json, `include` of Cargo.toml, or below `[tool]` in pyproject.toml.",
  },
  PIOT_BINARY_MISMATCH: {
    exit: 1,
    trips:
      "A program or an addon was built for another platform than the package that carries it, or linked so that it cannot work there.",
    mend: "Make each build job upload what it built for its own target.",
  },
} as const;
