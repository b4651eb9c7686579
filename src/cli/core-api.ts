/** The Alfred Core that runs on this machine, as its operator's commands call it. */
import path from 'node:path';
import { readCoreSettings } from '../../core/settings.ts';
import { type CoreApiOperations, coreApiOperations } from '../contract/core-api/operations.ts';
import { readHomeLock } from '../processes/home-lock.ts';
import { type ApiOf, clientAt, readTokenFile } from './api.ts';
import { CliProblem } from './problem.ts';

export type CoreApi = ApiOf<CoreApiOperations>;

/**
 * Finds the Core that runs on $CORE_HOME.
 *
 * @throws CliProblem E_NOT_RUNNING, or E_UNAUTHENTICATED when the operator's token cannot be read
 */
export async function connectCore(env: NodeJS.ProcessEnv): Promise<CoreApi> {
  const { home } = readCoreSettings(env);
  const notRunning = (cause?: unknown) =>
    new CliProblem('E_NOT_RUNNING', `No Alfred Core is running on ${home}`, {
      remedy: 'start it: npx alfred core serve; or set CORE_HOME to the home of the one you mean',
      cause,
    });
  const holder = await readHomeLock(home);
  if (!holder?.address) throw notRunning();
  const words = { whose: "operator's", started: 'Core' };
  const token = readTokenFile(path.join(home, 'admin-token'), words);
  // What listens on every address answers on this machine's own.
  const address = holder.address.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
  return clientAt<CoreApiOperations>(coreApiOperations, {
    address,
    token,
    notRunning,
    bodyType: () => 'application/json',
  });
}
