/** One-time sign-in links. The code stands behind the `#`, so that no server log, proxy or referrer ever sees it. */
import { recordAudit, systemActor } from '../../audit/record-audit.ts';
import type { Database } from '../../database/client.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { hashOfSecret, isSecretText, newSecretText } from '../../kernel/secret-text.ts';

const codePrefix = 'once_';

/** How long a link works, in milliseconds. */
const lifetime = 15 * 60_000;

/**
 * Makes a link that signs in whoever opens it first, within 15 minutes.
 *
 * @param address where the owner's browser reaches this VM
 * @param actor who asked for it; the VM itself when left out
 */
export async function createSignInLink(
  { db }: { db: Database },
  address: string,
  actor = systemActor,
): Promise<{ url: string; expiresAt: string }> {
  const code = newSecretText(codePrefix);
  const expiresAt = new Date(Date.now() + lifetime);
  await db.transaction(async (tx) => {
    const { id } = await tx.signInLink.create({
      data: { id: newId(), codeHash: hashOfSecret(code), expiresAt },
    });
    await recordAudit(tx, { action: 'sign_in.link_created', actor, subject: id });
  });
  const url = new URL('/', address);
  url.hash = `code=${code}`;
  return { url: url.href, expiresAt: expiresAt.toISOString() };
}

/**
 * Uses a link's code up: of two at once, one gets in.
 *
 * @param onWrong called for a wrong code before it is put on record; what it throws is thrown, and nothing is recorded
 * @throws AlfredError E_UNAUTHENTICATED, the same for an unknown, a used and an expired code
 */
export async function useSignInCode(db: Database, code: string, onWrong: () => Promise<void>): Promise<void> {
  const now = new Date();
  const used = isSecretText(codePrefix, code)
    ? await db.prisma.signInLink.updateMany({
        where: { codeHash: hashOfSecret(code), usedAt: null, expiresAt: { gt: now } },
        data: { usedAt: now },
      })
    : { count: 0 };
  if (used.count === 1) return;
  await onWrong();
  await recordAudit(db.prisma, { action: 'sign_in.failed', actor: 'unknown' });
  throw new AlfredError(
    'E_UNAUTHENTICATED',
    'This sign-in link was used already, or is older than 15 minutes',
    {
      remedy: 'Ask for a new one on the machine that runs the VM: starting it prints one.',
    },
  );
}
