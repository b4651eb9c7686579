/** Which of the database's own rules refused a change. The rules' names stand in the migrations. */
import pg from 'pg';
import { z } from 'zod';

const driverErrorSchema = z.object({
  meta: z.object({
    driverAdapterError: z.object({
      cause: z.object({
        originalMessage: z.string(),
        constraint: z.object({ index: z.string() }).optional().catch(undefined),
      }),
    }),
  }),
});

/**
 * The name of the constraint (a check, a unique index, a foreign key or one of our triggers) that refused a change.
 *
 * @param error what Prisma or pg threw
 * @returns undefined when it was no refusal
 */
export function violatedConstraint(error: unknown): string | undefined {
  if (error instanceof pg.DatabaseError) return error.constraint;
  const cause = driverErrorSchema.safeParse(error).data?.meta.driverAdapterError.cause;
  // Prisma's adapter passes the name of a check on in the message alone.
  return (
    cause?.constraint?.index ?? /violates check constraint "([^"]+)"/.exec(cause?.originalMessage ?? '')?.[1]
  );
}
