import type { z } from 'zod';
import { AlfredError } from '../kernel/errors.ts';
import { fieldErrors, validationError } from '../kernel/validate.ts';

/** A path that names nothing is not found; everything else that does not fit is 422 with the fields. */
export function validator(schema: z.ZodType, httpPart: string | undefined) {
  const what = httpPart === 'body' ? 'The body' : httpPart === 'querystring' ? 'The query' : 'The request';
  return (data: unknown) => {
    // Fastify hands over null where there is no body.
    const parsed = schema.safeParse(httpPart === 'body' ? (data ?? undefined) : data);
    if (parsed.success) return { value: parsed.data };
    const error =
      httpPart === 'params'
        ? new AlfredError('E_NOT_FOUND', 'There is nothing of that name')
        : validationError(what, fieldErrors(parsed.error.issues));
    return { error };
  };
}
