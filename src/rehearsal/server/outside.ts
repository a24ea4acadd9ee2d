/**
 * What a local registry reads from outside, for what a rehearsal does not make: from a client's cache on this machine, and
 * from the registry that its user's settings name. Nothing is ever sent there but questions, and no credential.
 *
 * @module
 */

import { Failure, messageOf } from "../../error.ts";
import type { Clock, Http } from "../../host/host.ts";

/** What a place says of a thing. */
export type Answer<T> =
  | { readonly state: "found"; readonly value: T; readonly from: string }
  /** There is none: said by the registry itself. */
  | { readonly state: "absent"; readonly from: string }
  /** Nobody knows. `why` is a clause. */
  | { readonly state: "unanswered"; readonly why: string };

/** The network, as far as it is read. */
export interface Outside {
  /** Reads a document or a file. `accept` is what is asked for. */
  readonly get: (url: string, accept?: string) => Promise<Answer<Uint8Array>>;
}

/** The largest file that is read: more than any of the three registries takes. */
const MOST_BYTES = 1024 ** 3;
/** Milliseconds until an answer begins. */
const PATIENCE = 15_000;

/**
 * Opens the network. A server that was silent once is not asked again: a machine without a network would wait for every
 * single file.
 */
export function openOutside(http: Http): Outside {
  const silent = new Map<string, string>();
  return {
    get: async (url, accept) => {
      if (!URL.canParse(url)) return { state: "unanswered", why: `"${url}" is no address` };
      const { origin, href } = withoutUser(url);
      const known = silent.get(origin);
      if (known !== undefined) return { state: "unanswered", why: known };
      try {
        return await ask(http, { url: href, origin, accept });
      } catch (error) {
        const why = `${origin} does not answer: ${messageOf(error)}`;
        if (error instanceof Failure && error.code === "PIOT_NETWORK") silent.set(origin, why);
        return { state: "unanswered", why };
      }
    },
  };
}

/** Settings may have a password in an address: it is not sent on. */
function withoutUser(url: string): URL {
  const plain = new URL(url);
  [plain.username, plain.password] = ["", ""];
  return plain;
}

/** Statuses that say that there is none, now or any more, or not for the public (RFC 9110 §15.5, RFC 7725). */
const ABSENT: readonly number[] = [404, 410, 451];

async function ask(
  http: Http,
  { url, origin, accept }: {
    readonly url: string;
    readonly origin: string;
    readonly accept: string | undefined;
  },
): Promise<Answer<Uint8Array>> {
  const reply = await http(url, {
    // Asked once: a rehearsal can do without, and its user waits.
    idempotent: false,
    crossOrigin: true,
    limit: MOST_BYTES,
    timeout: PATIENCE,
    ...(accept === undefined ? {} : { headers: { accept } }),
  });
  if (reply.status === 200) {
    return { state: "found", value: new Uint8Array(await reply.arrayBuffer()), from: origin };
  }
  await reply.body?.cancel();
  // A page for people is some proxy's: the registries say it in plain words, XML or JSON.
  const isPage = /\bhtml\b/i.test(reply.headers.get("content-type") ?? "");
  if (ABSENT.includes(reply.status) && !isPage) return { state: "absent", from: origin };
  return { state: "unanswered", why: `${origin} answers ${reply.status}` };
}

/**
 * Asks places one after the other until one has it. When none has: absent, if any of them can say so; else unanswered,
 * with the words of all.
 */
export async function firstAnswer<T>(
  places: readonly (() => Promise<Answer<T>>)[],
): Promise<Answer<T>> {
  const whys = new Set<string>();
  let absent: Answer<T> | undefined;
  for (const ask of places) {
    const answer = await ask();
    if (answer.state === "found") return answer;
    if (answer.state === "absent") absent = answer;
    else whys.add(answer.why);
  }
  return absent ?? { state: "unanswered", why: [...whys].join(", and ") };
}

/** Turns what was found into something else; what cannot be turned was no answer. */
export function mapAnswer<T, U>(answer: Answer<T>, turn: (value: T) => U): Answer<U> {
  if (answer.state !== "found") return answer;
  try {
    return { ...answer, value: turn(answer.value) };
  } catch (error) {
    return { state: "unanswered", why: `${answer.from} answers nonsense: ${messageOf(error)}` };
  }
}

/**
 * Milliseconds for which a cache knows which versions there are. What it has of before is asked of the registry first, and
 * counts where that is silent; files do not grow old.
 */
const FRESH = 24 * 3600_000;

/** A place that may have a thing. */
export type AskPlace<T> = () => Promise<Answer<T>>;

/**
 * Asks a client's cache as long as it knows, then registries, and then the cache for whatever it has. `cached` gives the
 * places of the cache for what was written after a time, in milliseconds since 1970.
 */
export function cacheThenAsk<T>(
  clock: Pick<Clock, "now">,
  { cached, asked }: {
    readonly cached: (after: number) => readonly AskPlace<T>[];
    readonly asked: readonly AskPlace<T>[];
  },
): Promise<Answer<T>> {
  return firstAnswer([...cached(clock.now().getTime() - FRESH), ...asked, ...cached(0)]);
}

/** Milliseconds for which an answer about a name is kept: one rehearsal should see one state of the outside. */
const KEPT = 300_000;

/** Remembers answers for some minutes, by name. */
export function remember<T>(
  ask: (name: string) => Promise<Answer<T>>,
  clock: Pick<Clock, "now">,
): (name: string) => Promise<Answer<T>> {
  const kept = new Map<string, { readonly answer: Promise<Answer<T>>; readonly until: number }>();
  return (name) => {
    const now = clock.now().getTime();
    const held = kept.get(name);
    if (held !== undefined && held.until > now) return held.answer;
    const answer = ask(name);
    kept.set(name, { answer, until: now + KEPT });
    return answer;
  };
}
