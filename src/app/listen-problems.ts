/** Why an address cannot be listened on, and which variable changes that. */
import { createServer } from 'node:net';
import { AlfredError, messageOf } from '../kernel/errors.ts';
import type { Settings } from '../kernel/settings.ts';

type Address = Pick<Settings, 'host' | 'port'>;

/** What a failed `listen` means, as an error with a remedy. */
export function portProblem(error: unknown, { host, port }: Address): AlfredError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    return new AlfredError('E_PORT_TAKEN', `Port ${port} on ${host} is taken by another program.`, {
      remedy: `Choose another port with ALFRED_PORT: ALFRED_PORT=${port + 1} npm start`,
      cause: error,
    });
  }
  if (code === 'EACCES') {
    return new AlfredError('E_SETTINGS', `This user may not listen on port ${port}.`, {
      remedy: 'Set ALFRED_PORT to a port above 1023.',
      cause: error,
    });
  }
  return new AlfredError('E_SETTINGS', `Alfred cannot listen on ${host}, port ${port}: ${messageOf(error)}`, {
    remedy: 'Set ALFRED_HOST to an address of this machine, or leave it at 127.0.0.1.',
    cause: error,
  });
}

/**
 * Looks at the port before anything is started, so that a taken one is said at once.
 *
 * @throws AlfredError E_PORT_TAKEN, E_SETTINGS
 */
export async function checkPortIsFree({ host, port }: Address): Promise<void> {
  if (port === 0) return;
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once('error', reject);
      probe.listen({ host, port, exclusive: true }, resolve);
    });
  } catch (error) {
    throw portProblem(error, { host, port });
  }
  await new Promise((resolve) => probe.close(resolve));
}
