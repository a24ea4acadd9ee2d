/**
 * Sizes and durations as people read them.
 *
 * @module
 */

const UNITS: readonly string[] = ["B", "kB", "MB", "GB"];

/** A size in bytes, in powers of 1000: `999 B`, `1.2 kB`, `34 MB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  // 999.5 and more would be rounded to 1000.
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 9.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

/** A duration in milliseconds, rounded up to seconds: `1 s`, `10 min`, `1 h 5 min`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds % 3600 / 60)];
  const units = [[hours, "h"], [minutes, "min"], [hours > 0 ? 0 : seconds % 60, "s"]] as const;
  const words = units.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`);
  return words.length === 0 ? "0 s" : words.join(" ");
}

/** A count with its noun: `1 file`, `3 files`, `2 packages`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
