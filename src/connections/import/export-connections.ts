import type { SecretInput } from '../../contract/common.ts';
import type { ExportedConnections } from '../../contract/imports.ts';
import { mapLeaves } from '../config/leaves.ts';
import type { TypedConfig } from '../config/typed-config.ts';
import { isIntact, readRow } from '../connection-row.ts';
import { referenceTo } from '../open-secrets/placeholders.ts';
import type { ConnectionDeps } from '../pool/pool.ts';

/**
 * All connections as other programs read them (`mcpServers`), with `${NAME}` in the place of every secret. What those
 * programs do not know stands under `alfred`, and HTTP APIs under `httpApis`: an import of it gives the same
 * connections back, but for their secrets.
 */
export async function exportConnections({ db }: Pick<ConnectionDeps, 'db'>): Promise<ExportedConnections> {
  const rows = await db.prisma.connection.findMany({ orderBy: { name: 'asc' } });
  const mcpServers: ExportedConnections['mcpServers'] = {};
  const httpApis: NonNullable<ExportedConnections['httpApis']> = {};
  // One that somebody else changed is not what the owner has.
  for (const row of rows.filter((one) => isIntact(db.prisma, one)).map(readRow)) {
    if (row.type === 'http_api') httpApis[row.name] = apiOf(row.config);
    else mcpServers[row.name] = serverOf(row);
  }
  return { mcpServers, ...(Object.keys(httpApis).length === 0 ? {} : { httpApis }) };
}

type ApiConfig = Extract<TypedConfig, { type: 'http_api' }>['config'];

const placeholderFor = (field: string) => referenceTo(field.toUpperCase().replace(/[^A-Z0-9]+/g, '_'));

type Texts = { texts: Record<string, string>; plain: string[] };

/** Names stay as they are where they can: an environment variable is filled in by its own name. */
function textsOf(values: Record<string, SecretInput>, nameFor: (field: string) => string): Texts {
  const entries = Object.entries(values);
  return {
    texts: Object.fromEntries(
      entries.map(([field, value]) => [field, typeof value === 'string' ? nameFor(field) : value.plain]),
    ),
    plain: entries.flatMap(([field, value]) => (typeof value === 'string' ? [] : [field])),
  };
}

function serverOf(typed: Exclude<TypedConfig, { type: 'http_api' }>): Record<string, unknown> {
  if (typed.type === 'mcp_http') {
    const { url, headers, allowPrivateNetwork, oneAtATime, timeoutMs } = typed.config;
    const { texts, plain } = textsOf(headers, placeholderFor);
    return {
      type: 'http',
      url,
      headers: texts,
      ...extras({ plain, allowPrivateNetwork: allowPrivateNetwork || undefined, oneAtATime, timeoutMs }),
    };
  }
  const { command, args, env, cwd, sandbox, network, paths, oneAtATime, timeoutMs } = typed.config;
  const { texts, plain } = textsOf(env, referenceTo);
  return {
    command,
    args,
    env: texts,
    ...(cwd === undefined ? {} : { cwd }),
    ...extras({
      plain,
      sandbox: sandbox === 'default' ? undefined : sandbox,
      network,
      paths,
      oneAtATime,
      timeoutMs,
    }),
  };
}

function extras({ plain, ...settings }: Record<string, unknown> & { plain: string[] }): { alfred?: object } {
  const said = Object.entries({ ...settings, ...(plain.length === 0 ? {} : { plain }) }).filter(
    ([, value]) => value !== undefined,
  );
  return said.length === 0 ? {} : { alfred: Object.fromEntries(said) };
}

/** Without whoever is signed in: a sign-in is for this VM alone. */
function apiOf({ oauth: _login, device: _waiting, ...config }: ApiConfig): Record<string, unknown> {
  return mapLeaves(config, ({ path: [part, field] }) =>
    part === 'secrets' ? referenceTo(field) : placeholderFor(field),
  );
}
