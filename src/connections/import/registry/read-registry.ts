/**
 * `server.json` of the MCP registry: an address where the server is, or the package that is started here. One way is taken; the
 * others are said.
 */
import { isRecord } from '../../../contract/is-record.ts';
import type { Candidate, Refusal } from '../candidate.ts';
import { parseServers } from '../parse-servers.ts';
import { namedValues, nothingSaid, type Said, wordsOf } from './inputs-of.ts';
import { type Fields, recordsIn, registryServersIn, textOf } from './registry-fields.ts';

type Way = { entry: Fields; said: Said; shown: string } | { why: string; shown: string };

/** Which of several packages is taken: Node.js comes along, the others are to be there. */
const order = ['npm', 'pypi', 'oci', 'nuget'];

/** @returns undefined for what is no file of the registry */
export function readRegistry(document: unknown): { candidates: Candidate[]; refused: Refusal[] } | undefined {
  const servers = registryServersIn(document);
  if (servers === undefined) return undefined;
  const read = servers.map(readServer);
  return {
    candidates: read.flatMap(({ candidates }) => candidates),
    refused: read.flatMap(({ refused }) => refused),
  };
}

function readServer(server: Fields): { candidates: Candidate[]; refused: Refusal[] } {
  const name = shortName(textOf(server.name) ?? 'connection');
  const ways = waysOf(server);
  const usable = ways.filter((way) => 'entry' in way);
  const [first] = usable;
  if (first === undefined)
    return {
      candidates: [],
      refused: [
        {
          name,
          reason:
            ways.map((way) => ('why' in way ? way.why : '')).join('; ') ||
            'it names no package and no address',
        },
      ],
    };
  const { candidates, refused } = parseServers([[name, first.entry]]);
  const others = ways.filter((way) => way !== first).map(({ shown }) => shown);
  for (const candidate of candidates) {
    candidate.sealed = first.said.secret;
    candidate.warnings.push(
      ...notesOf(first.said, server),
      ...(others.length === 0 ? [] : [`it can also be had as ${others.join(', or ')}: this one was taken`]),
    );
  }
  return { candidates, refused };
}

/** `io.github.acme/weather-mcp` → `weather`. */
const shortName = (name: string): string =>
  name
    .split('/')
    .at(-1)
    ?.replace(/^(?:mcp-server-|server-|mcp-)(?=.)/, '')
    .replace(/(?<=.)(?:-mcp-server|-mcp|-server)$/, '') || name;

function notesOf({ optional, choices }: Said, { status }: Fields): string[] {
  return [
    ...choices,
    ...(optional.length === 0
      ? []
      : [
          `not needed, and left out: ${optional.slice(0, 12).join(', ')}${optional.length > 12 ? ' and more' : ''}`,
        ]),
    ...(status === 'deprecated' || status === 'deleted' ? [`the registry says that it is ${status}`] : []),
  ];
}

/** An address that is ready first, then packages in our order, then addresses of the older transport. */
function waysOf(server: Fields): Way[] {
  const remotes = recordsIn(server.remotes).map(remoteWay);
  const packages = recordsIn(server.packages)
    .toSorted((one, other) => rank(one) - rank(other))
    .map(packageWay);
  const isOld = (way: Way) => / \(sse\)$/.test(way.shown);
  return [...remotes.filter((way) => !isOld(way)), ...packages, ...remotes.filter(isOld)];
}

const kindOf = ({ registryType, registryName }: Fields): string => {
  const kind = (textOf(registryType) ?? textOf(registryName) ?? '').toLowerCase();
  return kind === 'docker' ? 'oci' : kind;
};
const rank = (one: Fields): number => {
  const at = order.indexOf(kindOf(one));
  return at < 0 ? order.length : at;
};

function remoteWay(remote: Fields): Way {
  const type = textOf(remote.type) ?? textOf(remote.transportType) ?? '';
  const given = textOf(remote.url) ?? '';
  const shown = `${given}${type === 'sse' ? ' (sse)' : ''}`;
  if (!/^(?:streamable(?:-http)?|http|sse)?$/.test(type))
    return { why: `its address is reached by "${type.slice(0, 40)}", which is not supported`, shown };
  const said = nothingSaid();
  const url = addressWith(given, isRecord(remote.variables) ? remote.variables : {});
  return { entry: { url, headers: namedValues(remote.headers, said) }, said, shown };
}

/** `{name}` in a path or query is asked for; one in the host stays, and is refused by its name. */
function addressWith(url: string, variables: Fields): string {
  const filled = url.replace(/(?<!\$)\{([A-Za-z_][\w.-]*)\}/g, (whole, name: string) => {
    const input = variables[name];
    const preset = isRecord(input) ? (textOf(input.value) ?? textOf(input.default)) : undefined;
    return preset ?? whole;
  });
  const [, host = '', rest = ''] = /^([a-z]+:\/\/[^/?#]*)(.*)$/is.exec(filled) ?? [];
  return (
    host +
    rest.replace(
      /(?<!\$)\{([A-Za-z_][\w.-]*)\}/g,
      (_whole, name: string) => `\${${name.replace(/\W/g, '_').toUpperCase()}}`,
    )
  );
}

function packageWay(given: Fields): Way {
  const kind = kindOf(given);
  const identifier = textOf(given.identifier) ?? textOf(given.name) ?? '';
  const shown = `${kind} ${identifier}`;
  const transport = isRecord(given.transport) ? given.transport : {};
  if (transport.type !== undefined && transport.type !== 'stdio')
    return {
      why: `its ${kind} package ${identifier} is started by hand and then listens at ${textOf(transport.url) ?? 'an address'}: start it, and paste that address`,
      shown,
    };
  if (identifier === '') return { why: `its ${kind} package has no name`, shown };
  const open = /<[^<>]+>/.exec(identifier)?.[0];
  if (open !== undefined) return { why: `its package has ${open.slice(0, 40)} where a name goes`, shown };
  const said = nothingSaid();
  const command = commandOf(kind, identifier, given, said);
  if (typeof command === 'string') return { why: command, shown };
  return { entry: { ...command, env: namedValues(given.environmentVariables, said) }, said, shown };
}

/** What starts it; as the end of a sentence, why nothing can. */
function commandOf(
  kind: string,
  identifier: string,
  given: Fields,
  said: Said,
): { command: string; args: string[] } | string {
  const stand = /\$\{[^}]*\}|\{\{[^}]*\}\}|<[^>]+>/;
  const version = textOf(given.version) ?? '';
  const at = version === '' || stand.test(version) ? '' : version;
  const runtime = wordsOf(given.runtimeArguments, said);
  const rest = wordsOf(given.packageArguments, said);
  const name = identifier.replace(new RegExp(`[@:](?:${stand.source})$`), '');
  switch (kind) {
    case 'npm': {
      const own = runtime.filter((word) => !/^(?:-y|--yes)$/.test(word));
      if (namesCommand(own, /^(?:-p|--package)$/)) return { command: 'npx', args: ['-y', ...own, ...rest] };
      return { command: 'npx', args: ['-y', ...own, withVersion(name, at, '@'), ...rest] };
    }
    case 'pypi': {
      if (namesCommand(runtime, /^--from$/)) return { command: 'uvx', args: [...runtime, ...rest] };
      const named = runtime.includes('--from') ? name : withVersion(name, at, '@');
      return { command: 'uvx', args: [...runtime, named, ...rest] };
    }
    case 'oci':
      return container(given, withVersion(name, at, ':'), runtime, rest);
    case 'nuget':
      return {
        command: 'dnx',
        args: [...runtime, withVersion(name, at, '@'), '--yes', ...(rest.length > 0 ? ['--', ...rest] : [])],
      };
    case 'mcpb':
      return `its package is a bundle (${name.slice(0, 200)}): download it, unpack it (it is a zip) into a folder, and paste its manifest.json with that folder in the place of \${__dirname}`;
    case 'homebrew':
      return `its package is one of Homebrew (${name.slice(0, 100)}): install it, and paste the command that starts it`;
    default:
      return `its package is of "${kind.slice(0, 40)}", which is not known here: install it, and paste the command that starts it`;
  }
}

/** Whether the package is said by an option, and the program in it by a word behind. */
const namesCommand = (words: readonly string[], option: RegExp): boolean =>
  words.some((word, at) => !word.startsWith('-') && at > 0 && !option.test(words[at - 1] ?? '')) &&
  words.some((word) => option.test(word));

/** The name may have its version, or a digest, already. */
const withVersion = (name: string, version: string, sign: string): string =>
  version === '' || /(?<=.)@|:[\w.-]+$/.test(name) ? name : `${name}${sign}${version}`;

/** What a container is told of the environment stands before its image. */
function container(
  given: Fields,
  image: string,
  runtime: string[],
  rest: string[],
): { command: string; args: string[] } {
  const program = textOf(given.runtimeHint) === 'podman' ? 'podman' : 'docker';
  const bare = (word: string) => word.replace(/^docker\.io\//, '').replace(/[@:][^/]*$/, '');
  const own = runtime.filter(
    (word) => !/^(?:docker|podman|run|-i|--interactive|--rm)$/.test(word) && bare(word) !== bare(image),
  );
  const names = recordsIn(given.environmentVariables).flatMap(({ name }) => textOf(name) ?? []);
  const passed = names
    .filter((name) => !own.some((word) => word === name || word.startsWith(`${name}=`)))
    .flatMap((name) => ['-e', name]);
  return { command: program, args: ['run', '-i', '--rm', ...own, ...passed, image, ...rest] };
}
