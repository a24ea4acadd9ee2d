/**
 * The reporter for people: lines on standard error, as things happen.
 *
 * @module
 */

import { count, formatBytes, formatDuration } from "./amounts.ts";
import { renderDoctor } from "./doctor_report.ts";
import { renderEndReport, renderWaysOut } from "./end_report.ts";
import { escapeText, guardCommands } from "./safe_text.ts";
import type { Outcome, ReleaseRef } from "./outcome.ts";
import { type Palette, PLAIN } from "./terminal.ts";
import { planWarningLines, renderPlan } from "./plan_table.ts";
import { originLine, shownLine } from "./proof.ts";
import { hintLines, locationLines, renderFailure } from "./render_problem.ts";
import { renderStatus } from "./status_table.ts";
import type { Event, EventOf, Reporter, Stage } from "./report.ts";

/**
 * How much is said: `quiet` only warnings, failures and the end; `verbose` also each file and each
 * request.
 */
export type Verbosity = "quiet" | "normal" | "verbose";

/** What the reporter is made of. */
export interface HumanOptions {
  /** Writes a text to where people read. */
  readonly write: (text: string) => void;
  /** No colours by default. */
  readonly palette?: Palette;
  /** `normal` by default. */
  readonly verbosity?: Verbosity;
  /** The way to the folder that places start from: empty, or with a `/` at its end. Empty by default. */
  readonly folder?: string;
}

/** What a line needs to know besides its event. */
interface Voice {
  readonly palette: Palette;
  readonly verbose: boolean;
  readonly quiet: boolean;
  readonly folder: string;
}

const LOUDNESS: Readonly<Record<Verbosity, number>> = { quiet: 0, normal: 1, verbose: 2 };

/** Makes the reporter. */
export function humanReporter(options: HumanOptions): Reporter {
  const { write, palette = PLAIN, verbosity = "normal", folder = "" } = options;
  const voice: Voice = {
    palette,
    verbose: verbosity === "verbose",
    quiet: verbosity === "quiet",
    folder,
  };
  return {
    emit: (event) => {
      if (LOUDNESS[neededVerbosity(event)] > LOUDNESS[verbosity]) return;
      const text = say(event, voice);
      if (text !== undefined) write(`${guardCommands(text)}\n`);
    },
    close: () => {},
  };
}

function neededVerbosity(event: Event): Verbosity {
  switch (event.type) {
    case "warning":
    case "failure":
    case "finished":
    case "doctor":
      return "quiet";
    case "plan":
      return event.plan.warnings.length > 0 ? "quiet" : "normal";
    case "file-present":
    case "upload-started":
    case "request":
      return "verbose";
    case "tag":
      return event.done === "pushed" ? "normal" : "verbose";
    case "github-release":
      return event.done === "kept" ? "verbose" : "normal";
    default:
      return "normal";
  }
}

const STAGES: Readonly<Record<Stage, string>> = {
  plan: "Plan: what ships on this commit",
  prepare: "Prepare: check, write versions, pack, hash",
  look: "Look: what the registries hold",
  authorise: "Authorise: a credential for each package",
  upload: "Upload: in dependency order",
};

/** The heading of a stage. */
export function stageTitle(stage: Stage): string {
  return STAGES[stage];
}

type Lines = {
  readonly [T in Event["type"]]: (event: EventOf<T>, voice: Voice) => string | undefined;
};

const LINES: Lines = {
  "stage": ({ stage }, { palette }) => palette.bold(stageTitle(stage)),
  "plan": ({ plan }, voice) =>
    voice.quiet ? planWarningLines(plan, voice.palette).join("\n") : renderPlan(plan, voice),
  "status": ({ document }, voice) => renderStatus(document, voice),
  "doctor": ({ document }, voice) => renderDoctor(document, voice),
  "package-checked": ({ release, files, bytes }, voice) =>
    about(release, `${count(files, "file")}, ${formatBytes(bytes)}, fit to publish`, voice),
  "file-present": ({ release, file, ...rest }, voice) =>
    about(release, `${escapeText(file)} ${presence(rest)}`, voice),
  "credential": ({ release, why, names }, voice) => {
    const origin = originLine({ names });
    const lines = [why, ...(origin === undefined ? [] : [`origin: ${origin}`])];
    return lines.map((line) => about(release, escapeText(line), voice)).join("\n");
  },
  "secret": () => undefined,
  "upload-started": ({ release, file, bytes }, voice) =>
    about(release, `uploading ${escapeText(file)} (${formatBytes(bytes)})`, voice),
  "upload-finished": ({ release, file, bytes }, voice) =>
    about(release, `uploaded ${escapeText(file)} (${formatBytes(bytes)})`, voice),
  "waiting": ({ release, reason, milliseconds }, voice) =>
    about(release, `waiting up to ${formatDuration(milliseconds)} ${escapeText(reason)}`, voice),
  "tag": ({ release, tag, done }, voice) =>
    about(release, `tag ${escapeText(tag)} ${TAG_WORDS[done]}`, voice),
  "github-release": ({ release, done, url }, voice) =>
    about(
      release,
      done === "off"
        ? "the tag stands alone: github_release = false"
        : `GitHub Release ${done}${url === undefined ? "" : `: ${escapeText(url)}`}`,
      voice,
    ),
  "request": ({ method, url, status }, { palette }) =>
    palette.dim(`  ${method} ${escapeText(url)}: ${status ?? "no answer"}`),
  "warning": warningLines,
  "notice": ({ message }) => escapeText(message),
  "outcome": ({ outcome }, voice) => {
    return about(outcome, outcomeWords(outcome), voice);
  },
  "finished": ({ outcomes, mode, asked }, voice) =>
    `\n${renderEndReport(outcomes, { ...voice, mode, ...(asked && { asked }) })}`,
  "failure": ({ failure, waysOut = [] }, voice) =>
    [renderFailure(failure, voice), ...renderWaysOut(waysOut)].join("\n"),
};

const TAG_WORDS: Readonly<Record<EventOf<"tag">["done"], string>> = {
  "written": "written",
  "pushed": "pushed",
  "already-there": "is there already",
};

function say<E extends Event>(event: E, voice: Voice): string | undefined {
  // The table has a function for exactly this type; TypeScript cannot see that through the lookup.
  const line = LINES[event.type] as (event: E, voice: Voice) => string | undefined;
  return line(event, voice);
}

function about(release: ReleaseRef, words: string, { palette }: Voice): string {
  return `  ${
    palette.bold(escapeText(`${release.name} ${release.version}`))
  } (${release.kind}): ${words}`;
}

function outcomeWords(outcome: Outcome): string {
  switch (outcome.status) {
    case "failed":
      return `failed: ${escapeText(outcome.failure.message)}`;
    case "unconfirmed":
      return `unconfirmed: ${escapeText(outcome.why)}`;
    default:
      return outcome.readBack === undefined
        ? outcome.status
        : `${outcome.status}; shown: ${escapeText(shownLine(outcome.readBack))}`;
  }
}

function presence(
  { state, held, built }: Pick<EventOf<"file-present">, "state" | "held" | "built">,
): string {
  if (state !== "other") return state === "same" ? "is there already" : "is not there yet";
  return `is there with other bytes (${escapeText(held ?? "unknown")}, built ${
    escapeText(built ?? "unknown")
  })`;
}

function warningLines(event: EventOf<"warning">, { palette, folder }: Voice): string {
  const { release, message, location, hint } = event;
  const subject = release === undefined
    ? ""
    : `${release.name} ${release.version} (${release.kind}): `;
  return [
    `${palette.yellow("warning")}: ${escapeText(subject + message)}`,
    ...locationLines(location, { palette, folder }),
    ...hintLines(hint, palette),
  ].join("\n");
}
