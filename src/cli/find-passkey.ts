import type { Api } from './api.ts';
import { CliProblem } from './problem.ts';

/** The passkey of an id or of a name. @throws CliProblem when there is none, or names leave it open which */
export async function findPasskey(api: Pick<Api, 'listPasskeys'>, named: string) {
  const { items } = await api.listPasskeys();
  const fitting = items.filter(({ id, name }) => id === named || name === named);
  const [passkey] = fitting;
  if (passkey && fitting.length === 1) return passkey;
  throw new CliProblem(
    'E_NOT_FOUND',
    passkey ? `${fitting.length} passkeys are named ${named}` : `There is no passkey ${named}`,
    { remedy: 'see their ids with alfred passkey list' },
  );
}
