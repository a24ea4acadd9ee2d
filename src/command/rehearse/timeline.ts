/**
 * What the services saw of a rehearsal, in their order: the part of a release that no real one can show.
 *
 * @module
 */

import { count } from "../../report/amounts.ts";
import type { Rehearsal } from "../rehearse.ts";
import type { RehearsedRun, SeenRequest } from "./rehearsed_run.ts";

const LINE = "─".repeat(72);

/** The timeline, and how the rehearsal ended. */
export function timeline(rehearsal: Rehearsal): string {
  const last = rehearsal.runs.at(-1)!;
  const lines = [
    LINE,
    `What the services saw of ${rehearsal.repository}`,
    ...rehearsal.runs.flatMap((run, at) => [`Run ${at + 1}`, ...requestLines(run)]),
    ...last.tags.map(({ name, commit }) => `  tag        ${name} on ${commit.slice(0, 12)}`),
    ...last.releases.map((tag) => `  release    ${tag}`),
    `Last run: ${count(last.writes.length, "request")} to write, ` +
    `${count(last.uploads.length, "upload")}, ` +
    `${count(rehearsal.replanned.length, "package")} left to release`,
    ...rehearsal.ok
      ? ["The rehearsal succeeded: the release is complete, and running it again changes nothing."]
      : ["The rehearsal did not succeed:", ...rehearsal.problems.map((why) => `  ${why}`)],
  ];
  return `${lines.join("\n")}\n`;
}

/** A line for each request; the same question asked several times in a row is one. */
function requestLines({ requests }: Pick<RehearsedRun, "requests">): readonly string[] {
  const said: { readonly line: string; times: number }[] = [];
  for (const request of requests) {
    const line = lineOf(request);
    const last = said.at(-1);
    if (last?.line === line) last.times++;
    else said.push({ line, times: 1 });
  }
  return said.map(({ line, times }) => times === 1 ? line : `${line}  (${times} times)`);
}

function lineOf({ service, method, path, status, bytes }: SeenRequest): string {
  const sent = bytes === 0 ? "" : `  ${bytes} bytes`;
  return `  ${service.padEnd(9)}  ${method.padEnd(4)} ${plain(path)}  ${status}${sent}`;
}

function plain(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
