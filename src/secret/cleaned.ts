/**
 * A value without secrets in its texts: an event, a document, an error with all that caused it.
 *
 * @module
 */

/** Takes secrets out of one text. */
type Redact = (text: string) => string;

/**
 * The value with every text redacted; the value itself where nothing was to be done. Errors are changed in place: they are
 * known to others by now, and what they are must not change. Instances of other classes are left as they are.
 */
export function cleaned<T>(value: T, redact: Redact): T {
  return new Cleaner(redact).clean(value) as T;
}

/** Nested deeper than this is nothing that we make. */
const DEEPEST = 40;

class Cleaner {
  readonly #redact: Redact;
  /** Errors that were cleaned, and objects on the way to where we are: both may lead back to themselves. */
  readonly #seen: Set<object> = new Set();

  constructor(redact: Redact) {
    this.#redact = redact;
  }

  clean(value: unknown, depth = 0): unknown {
    if (typeof value === "string") return this.#redact(value);
    if (typeof value !== "object" || value === null || depth > DEEPEST) return value;
    if (this.#seen.has(value)) return value;
    if (value instanceof Error) return this.#cleanError(value, depth);
    if (!Array.isArray(value) && !isPlain(value)) return value;
    this.#seen.add(value);
    const result = Array.isArray(value)
      ? this.#cleanArray(value, depth)
      : this.#cleanObject(value as Record<string, unknown>, depth);
    this.#seen.delete(value);
    return result;
  }

  #cleanArray(values: readonly unknown[], depth: number): unknown {
    if (areBytes(values)) {
      const text = values.join(",");
      const redacted = this.#redact(text);
      return redacted === text ? values : redacted;
    }
    const result = values.map((item) => this.clean(item, depth + 1));
    return result.every((item, at) => item === values[at]) ? values : result;
  }

  #cleanObject(value: Record<string, unknown>, depth: number): unknown {
    let isSame = true;
    const entries = Object.entries(value).map(([key, held]) => {
      const entry = [this.#redact(key), this.clean(held, depth + 1)] as const;
      isSame &&= entry[0] === key && entry[1] === held;
      return entry;
    });
    return isSame ? value : Object.fromEntries(entries);
  }

  /** Message, stack and cause are there though nobody lists them. */
  #cleanError(error: Error, depth: number): Error {
    this.#seen.add(error);
    // A stack is made of the message when it is first asked for: by then it would be another one.
    const names = new Set(["stack", "message", "cause", "errors", ...Object.keys(error)]);
    const fields = error as unknown as Record<string, unknown>;
    const before = [...names].map((name) => [name, fields[name]] as const);
    for (const [name, value] of before) {
      const result = this.clean(value, depth + 1);
      if (result !== value) replace(error, name, result);
    }
    return error;
  }
}

/** Some errors have their message behind a getter. */
function replace(error: Error, name: string, value: unknown): void {
  try {
    Object.defineProperty(error, name, {
      value,
      writable: true,
      configurable: true,
      enumerable: Object.prototype.propertyIsEnumerable.call(error, name),
    });
  } catch {
    // Frozen: then it is shown by nobody but the sinks, which redact by themselves.
  }
}

/** A text as a list of its bytes, which is what JSON makes of a buffer. */
function areBytes(values: readonly unknown[]): boolean {
  return values.length > 0 && values.every((item) => typeof item === "number");
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
