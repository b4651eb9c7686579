/** Configs as other programs read them: `${NAME}` in the place of every secret, what those programs do not know under `alfred`. */
import type { SecretInput } from '../../contract/common.ts';
import { referenceTo } from '../open-secrets/placeholders.ts';
import { mapLeaves } from './leaves.ts';
import type { ConfigOf } from './typed-config.ts';

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

export function exportedProgram(config: ConfigOf<'mcp_stdio'>): Record<string, unknown> {
  const { command, args, env, cwd, sandbox, network, paths, oneAtATime, timeoutMs } = config;
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

export function exportedServer(config: ConfigOf<'mcp_http'>): Record<string, unknown> {
  const { url, headers, allowPrivateNetwork, oneAtATime, timeoutMs } = config;
  const { texts, plain } = textsOf(headers, placeholderFor);
  return {
    type: 'http',
    url,
    headers: texts,
    ...extras({ plain, allowPrivateNetwork: allowPrivateNetwork || undefined, oneAtATime, timeoutMs }),
  };
}

function extras({ plain, ...settings }: Record<string, unknown> & { plain: string[] }): { alfred?: object } {
  const said = Object.entries({ ...settings, ...(plain.length === 0 ? {} : { plain }) }).filter(
    ([, value]) => value !== undefined,
  );
  return said.length === 0 ? {} : { alfred: Object.fromEntries(said) };
}

/** Without whoever is signed in: a sign-in is for this VM alone. */
export function exportedApi({
  oauth: _login,
  device: _waiting,
  ...config
}: ConfigOf<'http_api'>): Record<string, unknown> {
  return mapLeaves(config, ({ path: [part, field] }) =>
    part === 'secrets' ? referenceTo(field) : placeholderFor(field),
  );
}
