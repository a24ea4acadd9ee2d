/** A host for tests: no inherited environment, a clock that only moves when it is slept on, output kept as text. */

import type { AnswerLimits } from "../../src/host/answer.ts";
import type { Clock, Env, Host } from "../../src/host/host.ts";
import { createHttp } from "../../src/host/http.ts";
import { sendStreamed } from "../../src/host/streamed_body.ts";
import { USER_AGENT } from "../../src/host/version.ts";

export interface TestHost extends Host {
  /** What was written so far. */
  readonly written: { stdout: string; stderr: string };
  /** Every wait that was asked for, in milliseconds. */
  readonly waits: number[];
}

export function testHost(
  options: {
    cwd?: string;
    env?: Env;
    now?: string;
    signal?: AbortSignal;
    stdin?: string;
    /** Other limits of answers than the usual ones. */
    limits?: Partial<AnswerLimits> | undefined;
  } = {},
): TestHost {
  const written = { stdout: "", stderr: "" };
  const waits: number[] = [];
  let time = Date.parse(options.now ?? "2026-01-01T00:00:00Z");
  const clock: Clock = {
    now: () => new Date(time),
    sleep: (milliseconds) => {
      waits.push(milliseconds);
      time += milliseconds;
      return Promise.resolve();
    },
  };
  const { limits = {}, signal = new AbortController().signal } = options;
  return {
    cwd: options.cwd ?? "/nowhere",
    env: options.env ?? {},
    clock,
    http: createHttp({ fetch, sendStreamed, clock, userAgent: USER_AGENT, signal, limits }),
    stdout: (text) => void (written.stdout += text),
    stderr: (text) => void (written.stderr += text),
    stdin: () => Promise.resolve(options.stdin ?? ""),
    signal,
    written,
    waits,
  };
}
