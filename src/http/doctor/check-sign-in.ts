/** How the owner can sign in, beside the link from a terminal. */
import type { Finding } from '../../contract/doctor.ts';
import type { Database } from '../../database/client.ts';
import { count } from './words.ts';

export async function checkSignIn(id: string, { prisma }: Database): Promise<Finding> {
  const [passkeys, passwords] = await Promise.all([prisma.passkey.count(), prisma.password.count()]);
  const ways = [
    ...(passkeys > 0 ? [count(passkeys, 'passkey')] : []),
    ...(passwords > 0 ? ['the password'] : []),
    'a link (npx alfred status --link)',
  ];
  return { id, state: 'good', message: `by ${ways.join(', ')}` };
}
