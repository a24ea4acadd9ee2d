/**
 * The reporter for GitHub Actions: annotations and groups, as workflow commands. It stands beside the one for people, which
 * writes the log itself.
 *
 * @module
 */

import type { Finding } from "../core/doctor/finding.ts";
import type { Failure, Location } from "../error.ts";
import { count } from "./amounts.ts";
import { outcomeDetail, subjectOf } from "./end_report.ts";
import { escapeLines } from "./safe_text.ts";
import { stageTitle } from "./human_reporter.ts";
import type { Outcome } from "./outcome.ts";
import { wayFrom } from "./render_problem.ts";
import type { Event, Reporter } from "./report.ts";
import { type CommandProperties, workflowCommand } from "./runner_protocol.ts";

/** The sorts of annotations. */
type Sort = "error" | "warning" | "notice";

/**
 * GitHub shows ten annotations of each sort for a step (actions/runner `_maxCountPerIssueType`):
 * nine, and "N more".
 */
const MOST = 9;

/** The runner cuts messages at 4,096 characters (actions/runner `ExecutionContext.cs`). */
const LONGEST = 4_000;

/** What the reporter is made of. */
export interface GithubOptions {
  /**
   * Writes a text to the step's log; standard error will do, since the runner reads commands from
   * both streams.
   */
  readonly write: (text: string) => void;
  /**
   * The way from the runner's workspace to the folder that places start from: empty, or with a `/` at its end. Empty by
   * default.
   */
  readonly folder?: string;
}

/**
 * Makes the reporter. In a `tee` it comes before the one for people, so that a group is open before
 * that one speaks and closed before it tells the end.
 */
export function githubReporter({ write, folder = "" }: GithubOptions): Reporter {
  const counts: Record<Sort, number> = { error: 0, warning: 0, notice: 0 };
  let isGroupOpen = false;

  const annotate = ({ sort, message, properties }: Annotation): void => {
    if (++counts[sort] > MOST) return;
    const data = cut(escapeLines(message).join("\n"));
    const { file } = properties;
    const place = file === undefined ? {} : { file: wayFrom(folder, file) };
    write(workflowCommand(sort, { data, properties: { ...properties, ...place } }));
  };
  const endGroup = (): void => {
    if (isGroupOpen) write(workflowCommand("endgroup"));
    isGroupOpen = false;
  };
  const emit = (event: Event): void => {
    if (event.type === "stage" || event.type === "finished" || event.type === "failure") endGroup();
    if (event.type === "stage") {
      write(workflowCommand("group", { data: stageTitle(event.stage) }));
      isGroupOpen = true;
    }
    for (const annotation of annotationsOf(event)) annotate(annotation);
  };
  const close = (): void => {
    endGroup();
    for (const [sort, sum] of Object.entries(counts)) {
      const more = count(sum - MOST, `more ${sort}`);
      if (sum > MOST) {
        write(workflowCommand(sort as Sort, { data: `${more} in the log of this step` }));
      }
    }
  };
  return { emit, close };
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

interface Annotation {
  readonly sort: Sort;
  readonly message: string;
  readonly properties: CommandProperties;
}

function annotationsOf(event: Event): readonly Annotation[] {
  switch (event.type) {
    case "failure":
      return failureAnnotations(event.failure);
    case "outcome":
      return outcomeAnnotations(event.outcome);
    case "warning": {
      const { release, message, hint, location } = event;
      const subject = release === undefined ? "" : `${release.name} ${release.version}: `;
      const text = withHint(`${subject}${message}`, hint);
      return [{ sort: "warning", message: text, properties: placeOf(location) }];
    }
    case "doctor":
      return event.document.findings.map(findingAnnotation);
    case "plan":
      return event.plan.warnings.map((message) => ({ sort: "warning", message, properties: {} }));
    default:
      return [];
  }
}

/** What cannot be told is a notice: it is nobody's mistake. */
function findingAnnotation({ check, weight, message, mend, location }: Finding): Annotation {
  return {
    sort: weight === "failed" ? "error" : weight === "warning" ? "warning" : "notice",
    message: withHint(weight === "unknown" ? `Cannot tell: ${message}` : message, mend),
    properties: { ...placeOf(location), title: `doctor: ${check}` },
  };
}

function outcomeAnnotations(outcome: Outcome): readonly Annotation[] {
  if (outcome.status === "failed") return failureAnnotations(outcome.failure, subjectOf(outcome));
  if (outcome.status === "unconfirmed") {
    const message = `${subjectOf(outcome)} is ${outcomeDetail(outcome)}`;
    return [{ sort: "error", message, properties: { title: "Not confirmed" } }];
  }
  if (outcome.status !== "staged") return [];
  const message = `${subjectOf(outcome)} is staged: ${outcome.approval}`;
  return [{ sort: "notice", message, properties: { title: "Waiting for approval" } }];
}

function failureAnnotations(failure: Failure, subject?: string): readonly Annotation[] {
  return failure.problems.map((problem) => ({
    sort: "error",
    message: withHint(
      subject === undefined ? problem.message : `${subject}: ${problem.message}`,
      problem.hint,
    ),
    properties: { ...placeOf(problem.location), title: problem.code },
  }));
}

function withHint(message: string, hint: string | undefined): string {
  return hint === undefined ? message : `${message}\n${hint}`;
}

function placeOf(location: Location | undefined): CommandProperties {
  if (location === undefined) return {};
  const { file, line, column } = location;
  // A column without a line is removed by the runner.
  return {
    file,
    ...(line === undefined ? {} : { line }),
    ...(line === undefined || column === undefined ? {} : { col: column }),
  };
}
