/** What one operation of the API is: where it is, who may call it, what goes in and what comes out. */
import type { z } from 'zod';
import type { ActName } from './audit.ts';
import type { Scope } from './common.ts';
import type { CoreScope } from './core.ts';

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** `public`: anyone. `signed-in`: any session or token. `every-scope`: who has them all. Otherwise the scope that is needed. */
export type Access = 'public' | 'signed-in' | 'every-scope' | Scope;

/** Where an operation is. */
export type Place = { method: Method; path: string };

/** Of an operation of the VM's: who may call it, and what is kept of that. */
export type Admission = {
  access: Access;
  /** The scope of Core's own tokens that opens it beside; without one it is closed to them. */
  core?: CoreScope;
  /** The acts that it puts on record, by their names there (audit-actions.ts). */
  records?: readonly ActName[];
};

/** An answer of one media type, JSON; or of others, which are sent as they are. */
export type Answer = z.ZodType | { description?: string; content: Record<string, { schema: z.ZodType }> };

export type Shape = {
  summary: string;
  description?: string;
  tags?: readonly string[];
  params?: z.ZodType;
  query?: z.ZodType;
  headers?: z.ZodType;
  body?: z.ZodType;
  /** What a reader of the API is told of the body, where it is checked by more than its schema. */
  describedBody?: z.ZodType;
  /** The body is a form, as OAuth has it, and no JSON. */
  isForm?: boolean;
  /** Where the body may be anything, which its own reader judges: what it is. */
  anyBody?: string;
  /** The headers of its answers that a caller goes on with: `etag`, what `If-Match` takes; `location`, where the new thing is. */
  answerHeaders?: readonly ('etag' | 'location')[];
  /** By status. Errors are problem details everywhere, and so are not named. */
  responses: Partial<Record<200 | 201 | 202 | 204, Answer>>;
};

export type Operation = Place & Shape;

/** @param place its method and its path: `GET /api/v1/skills/:slug` */
export function operation<const S extends Shape & Partial<Admission>>(
  place: `${Method} /${string}`,
  shape: S,
): Place & S {
  const [method, path] = place.split(' ') as [Method, string];
  return { method, path, ...shape };
}

/** Where each is, and nothing else of it. */
export const placesOf = <Name extends string>(operations: Record<Name, Place>): Record<Name, Place> =>
  Object.fromEntries(
    Object.entries<Place>(operations).map(([name, { method, path }]) => [name, { method, path }]),
  ) as Record<Name, Place>;

type Given<S, Part extends string> = S extends { [P in Part]: infer Schema extends z.ZodType }
  ? Schema
  : never;

type Sent<E, Part extends string> = z.input<Given<E, Part>>;
type SentPart = 'params' | 'query' | 'body';
type PartsOf<E> = { [Part in SentPart]: [Given<E, Part>] extends [never] ? never : Part }[SentPart];
/** A part may be left out where nothing is asked of it. */
type OptionalPartsOf<E> = {
  [Part in PartsOf<E>]: undefined extends Sent<E, Part> ? Part : object extends Sent<E, Part> ? Part : never;
}[PartsOf<E>];

/** What a caller sends: of each part that the operation has, what its schema takes. */
export type Input<E> = { [Part in Exclude<PartsOf<E>, OptionalPartsOf<E>>]: Sent<E, Part> } & {
  [Part in OptionalPartsOf<E>]?: Sent<E, Part> | undefined;
};

/** What a handler is given: of each part, what its schema makes of it. */
export type Parsed<E, Part extends 'params' | 'query' | 'headers' | 'body'> = [Given<E, Part>] extends [never]
  ? unknown
  : z.output<Given<E, Part>>;

/** What an answer holds, in whichever of its media types. */
type ContentOf<A> = A extends z.ZodType
  ? z.output<A>
  : A extends { content: Record<string, { schema: infer Schema extends z.ZodType }> }
    ? z.output<Schema>
    : never;

/** What a handler answers with, in whichever status; nothing for 204. */
export type Answers<E extends Operation> = ContentOf<E['responses'][keyof E['responses']]>;

/** The JSON of an answer; a text where it has other media types alone. */
type JsonOf<A> = A extends z.ZodType
  ? z.output<A>
  : A extends { content: { 'application/json': { schema: infer Schema extends z.ZodType } } }
    ? z.output<Schema>
    : string;

/** What a caller gets, in whichever status; nothing for 204. */
export type Output<E extends Operation> = JsonOf<E['responses'][keyof E['responses']]>;
