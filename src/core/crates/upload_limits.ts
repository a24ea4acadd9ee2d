/**
 * crates.io's limits of uploads per user, which a run can reckon with before it begins: a bucket for new crates and one for
 * new versions, each full at first and refilled at a steady pace (rust-lang/crates.io, `src/rate_limiter.rs`). What is uploaded
 * by trusted publishing has no user, and takes from neither.
 *
 * @module
 */

/** What an upload is counted as. */
export type UploadKind = "new" | "update";

interface Bucket {
  /** Uploads that a full bucket allows. */
  readonly burst: number;
  /** Minutes until there is one more. */
  readonly pace: number;
}

const BUCKETS: Readonly<Record<UploadKind, Bucket>> = {
  new: { burst: 5, pace: 10 },
  update: { burst: 30, pace: 1 },
};

/** How uploads go, one after the other, from full buckets on. */
export interface UploadForecast {
  /** Uploads before the first wait. */
  readonly now: number;
  /** Those after it. */
  readonly later: number;
  /** Minutes that the waits take together, if nothing else of the user is uploaded. */
  readonly minutes: number;
}

/** What is left of a bucket at some minute. */
interface Level {
  readonly left: number;
  readonly at: number;
}

/** Reckons with both buckets. Uploads themselves take no time here. */
export function forecastUploads(uploads: readonly UploadKind[]): UploadForecast {
  const levels = new Map<UploadKind, Level>();
  let minutes = 0;
  let now = 0;
  for (const kind of uploads) {
    const { burst, pace } = BUCKETS[kind];
    const level = levels.get(kind) ?? { left: burst, at: minutes };
    const found = refill(level, { kind, at: minutes });
    if (found.left === 0) minutes = found.at + pace;
    const { left, at } = refill(found, { kind, at: minutes });
    levels.set(kind, { left: left - 1, at });
    if (minutes === 0) now++;
  }
  return { now, later: uploads.length - now, minutes };
}

interface Moment {
  readonly kind: UploadKind;
  readonly at: number;
}

function refills({ at }: Level, { kind, at: now }: Moment): number {
  return Math.floor((now - at) / BUCKETS[kind].pace);
}

/** A bucket at a later minute: it never holds more than when it is full, and goes on by whole paces. */
function refill(level: Level, moment: Moment): Level {
  const { burst, pace } = BUCKETS[moment.kind];
  const more = refills(level, moment);
  return { left: Math.min(burst, level.left + more), at: level.at + more * pace };
}

/** The forecast as a sentence, with the end where the uploads begin at a known time; undefined when nothing has to wait. */
export function tellForecast(uploads: readonly UploadKind[], begin?: Date): string | undefined {
  const { now, later, minutes } = forecastUploads(uploads);
  if (later === 0) return undefined;
  const fresh = uploads.filter((kind) => kind === "new").length;
  const what = fresh === 0 ? "" : ` (${fresh} new)`;
  return `crates.io takes so many uploads of one user at a time: ${uploads.length} crates${what}: ${now} now, ${later} over ${minutes} minute${
    minutes === 1 ? "" : "s"
  }${begin === undefined ? "" : `, the last at about ${minuteOf(begin, minutes)}`}`;
}

/** Some minutes after a time: `2026-01-01 00:32 UTC`. */
function minuteOf(begin: Date, minutes: number): string {
  const end = new Date(begin.getTime() + minutes * 60_000);
  return `${end.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
