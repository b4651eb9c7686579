/** The running server, its database, and the model's endpoint. */
import { z } from 'zod';
import { readHomeLock } from '../../kernel/home-lock.ts';
import { connectApi } from '../api.ts';
import { readConfigEntries } from '../config-entries.ts';
import { toProblem } from '../problem.ts';
import type { Finding } from './check.ts';

const reachWithinMs = 5000;
const defaultEndpoint = 'https://api.anthropic.com';

export async function checkServer(home: string): Promise<Finding> {
  const address = readServerAddress(home);
  if (!address)
    return { name: 'server', state: 'warn', message: 'not running', remedy: 'start it with npm start' };
  try {
    await (await connectApi(home)).request('GET', '/readyz');
    return { name: 'server', state: 'good', message: `${holder.address}, process ${holder.pid}` };
  } catch (error) {
    const { message, remedy } = toProblem(error);
    return { name: 'server', state: 'bad', message, ...(remedy === undefined ? {} : { remedy }) };
  }
}

const readiness = z.looseObject({ status: z.string().optional() });

/** The database as the running server sees it; while it is stopped, only whether one was made. */
export async function checkDatabase(home: string, databaseUrl: string | undefined): Promise<Finding> {
  const kind = databaseUrl === undefined ? 'embedded PostgreSQL' : 'PostgreSQL at DATABASE_URL';
  if (!(await readHomeLock(home))?.address)
    return { name: 'database', state: 'good', message: `${kind}, looked at while the server runs` };
  const { body } = await (await connectApi(home)).request('GET', '/readyz');
  readiness.parse(body);
  return { name: 'database', state: 'good', message: `${kind} answers` };
}

/** Whether the endpoint's host answers at all. Sends no key and asks nothing of a model. */
export async function checkModel(home: string): Promise<Finding> {
  const name = 'model';
  if (!(await readHomeLock(home))?.address)
    return { name, state: 'good', message: 'looked at while the server runs' };
  const entries = new Map(
    (await readConfigEntries(await connectApi(home))).map((entry) => [entry.key, entry]),
  );
  const endpoint = entries.get('model_base_url')?.value ?? defaultEndpoint;
  if (!entries.has('anthropic_api_key') && !entries.has('model_base_url')) {
    return {
      name,
      state: 'warn',
      message: 'rehearsal: no key is set, so nothing thinks yet',
      remedy: 'npx alfred config set anthropic_api_key',
    };
  }
  try {
    await fetch(endpoint, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(reachWithinMs) });
    return { name, state: 'good', message: `${endpoint} can be reached` };
  } catch (error) {
    const cause =
      error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    return {
      name,
      state: 'bad',
      message: `${endpoint} cannot be reached: ${cause}`,
      remedy: 'check the network, a proxy, and the setting model_base_url',
    };
  }
}
