import { runsOnAnother } from '../../database/running-note.ts';
import type { Settings } from '../../kernel/settings.ts';
import { fetchOwn } from '../../outbound/own-fetch.ts';
import { readHomeLock } from '../../processes/home-lock.ts';
import { type Api, connectApi } from '../api.ts';
import { toProblem } from '../problem.ts';
import type { Finding } from './check.ts';

const reachWithinMs = 5000;
const whileStopped = 'can be looked at while the server runs';

/** The server of a home, when one answers there. */
async function findServer(home: string): Promise<{ api: Api; pid: number } | undefined> {
  const holder = await readHomeLock(home);
  return holder?.address ? { api: await connectApi(home), pid: holder.pid } : undefined;
}

/** A finding about what the server says of itself. */
async function ask(id: string, api: Api, message: string): Promise<Finding> {
  try {
    await api.readReadiness();
    return { id, state: 'good', message };
  } catch (error) {
    const problem = toProblem(error);
    return {
      id,
      state: 'bad',
      message: problem.message,
      ...(problem.remedy === undefined ? {} : { remedy: problem.remedy }),
    };
  }
}

export async function checkServer({ home }: Settings): Promise<Finding> {
  const server = await findServer(home);
  if (server) return ask('server', server.api, `${server.api.url}, process ${server.pid}`);
  return {
    id: 'server',
    state: 'warn',
    message: 'not running; what only it can see was not looked at',
    remedy: 'start it with npm start',
  };
}

/** What the server sees of itself; nothing while it is stopped. */
export async function askServer({ home }: Settings): Promise<Finding[]> {
  const server = await findServer(home);
  if (!server) return [];
  try {
    return (await server.api.runDoctor()).checks;
  } catch {
    // Why the server does not answer is said by the check of the server itself.
    return [];
  }
}

/** The database, through the server: it alone may use the embedded one. */
export async function checkDatabase({ home, databaseUrl }: Settings): Promise<Finding> {
  const isEmbedded = databaseUrl === undefined && !(await runsOnAnother(home));
  const kind = isEmbedded ? 'embedded PostgreSQL' : 'PostgreSQL of DATABASE_URL';
  const server = await findServer(home);
  if (server) return ask('database', server.api, `${kind} answers`);
  return { id: 'database', state: 'good', message: `${kind}, ${whileStopped}` };
}

/** Whether the endpoint's host answers at all. Sends no key and asks nothing of a model. */
export async function checkModel({ home }: Settings): Promise<Finding> {
  const id = 'model';
  const server = await findServer(home);
  if (!server) return { id, state: 'good', message: whileStopped };
  const { rehearsal, baseUrl, hasApiKey, trouble } = await server.api.showModel();
  if (rehearsal) {
    const why = hasApiKey ? 'it was chosen' : 'no key is set, so nothing thinks yet';
    const remedy = 'npx alfred config set anthropic_api_key';
    return { id, state: 'warn', message: `rehearsal: ${why}`, ...(hasApiKey ? {} : { remedy }) };
  }
  if (trouble) {
    const message = `has not answered since ${trouble.since}: ${trouble.message}`;
    return { id, state: 'bad', message, remedy: trouble.remedy };
  }
  try {
    await fetchOwn(baseUrl, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(reachWithinMs),
    });
    return { id, state: 'good', message: `${baseUrl} can be reached` };
  } catch (error) {
    const cause =
      error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    return {
      id,
      state: 'bad',
      message: `${baseUrl} cannot be reached: ${cause}`,
      remedy: 'check the network, a proxy, and the setting model_base_url',
    };
  }
}
