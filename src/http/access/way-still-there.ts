/** A way in that is taken away while somebody comes in by it. */
import type { Transaction } from '../../database/client.ts';
import { AlfredError } from '../../kernel/errors.ts';

/**
 * Sees that the passkey or the password that was proved is there still, and that it is until the transaction is over: whoever
 * takes it away waits, and then ends the session as well.
 *
 * @throws AlfredError E_UNAUTHENTICATED
 */
export async function checkWay(
  tx: Transaction,
  { passkeyId, passwordId }: { passkeyId?: string | undefined; passwordId?: string | undefined },
): Promise<void> {
  const rows: unknown[] = [];
  if (passkeyId !== undefined) {
    rows.push(
      ...(await tx.$queryRaw<unknown[]>`SELECT 1 FROM passkeys WHERE id = ${passkeyId}::uuid FOR SHARE`),
    );
  }
  if (passwordId !== undefined) {
    rows.push(
      ...(await tx.$queryRaw<unknown[]>`SELECT 1 FROM passwords WHERE id = ${passwordId}::uuid FOR SHARE`),
    );
  }
  const wanted = [passkeyId, passwordId].filter((id) => id !== undefined).length;
  if (rows.length === wanted) return;
  throw new AlfredError('E_UNAUTHENTICATED', 'This way to sign in was taken away just now', {
    remedy: 'Sign in by another: a link always works.',
  });
}
