import { AlfredError } from '../../src/kernel/errors.ts';
import { recordAct } from '../audit/record-act.ts';
import type { CoreDatabase } from '../database.ts';
import { hashPassword, isPassword } from './passwords.ts';
import { actorOf, type Person, requireAccount } from './people.ts';
import { endTokensOf } from './tokens.ts';

/**
 * Changes one's own password; every other session is ended.
 *
 * @throws AlfredError E_FORBIDDEN for a token, which has no account; E_VALIDATION when the present password is another
 */
export async function changePassword(
  { prisma }: CoreDatabase,
  person: Person,
  { current, password }: { current: string; password: string },
): Promise<void> {
  const id = requireAccount(person);
  const { passwordHash: before } = await prisma.user.findUniqueOrThrow({ where: { id } });
  if (before !== null && !(await isPassword(current, before))) {
    throw new AlfredError('E_VALIDATION', 'The present password is another', {
      fields: [{ field: '/current', message: 'is not your password' }],
    });
  }
  const passwordHash = await hashPassword(password);
  await prisma.$transaction(async (tx) => {
    await tx.user.update({ where: { id }, data: { passwordHash } });
    const ended = await endTokensOf(tx, id, person.tokenId);
    await recordAct(tx, { actor: actorOf(person), action: 'password.set', subject: id, data: { ended } });
  });
}
