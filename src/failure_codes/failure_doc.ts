/**
 * The shape of a table of codes, and the check that no code stands in two tables.
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

/** The codes of one part of the program, each with its documentation. */
export type FailureTable = Readonly<Record<`PIOT_${string}`, FailureDoc>>;

/** Tables by their headings. */
export type TablesLike<Tables> = Readonly<Record<keyof Tables, FailureTable>>;

/**
 * The codes of all tables, as a union.
 *
 * @internal
 */
export type CodesOf<Tables extends TablesLike<Tables>> = {
  [Heading in keyof Tables]: keyof Tables[Heading];
}[keyof Tables];

/** The codes that more than one table holds: `never`, where each stands in one. */
export type CodesTwice<Tables extends TablesLike<Tables>> = {
  [Heading in keyof Tables]: keyof Tables[Heading] & CodesOf<Omit<Tables, Heading>>;
}[keyof Tables];

/** Nothing, or an error of the compiler that names what there is. */
export type None<Found extends never> = Found;
