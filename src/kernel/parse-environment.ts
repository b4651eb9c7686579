import type { z } from 'zod';
import { AlfredError } from './errors.ts';

/**
 * Validates the environment. An empty variable counts as unset.
 *
 * @throws AlfredError E_SETTINGS naming every variable that is wrong
 */
export function parseEnvironment<Schema extends z.ZodType>(
  schema: Schema,
  environment: NodeJS.ProcessEnv,
): z.output<Schema> {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(present);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(({ path, message }) => ({ field: path.join('.'), message }));
  const list = fields.map(({ field, message }) => `  ${field}: ${message}`).join('\n');
  throw new AlfredError('E_SETTINGS', `The environment is not right:\n${list}`, {
    remedy: 'Change or unset the variables named above, then start again.',
    fields,
  });
}
