/** The options that say what a connection runs or calls, for `connection add` and `connection edit`. */
import { type Command, Option } from 'commander';
import { type ConnectionTypes, connectionTypes, type FieldFacts } from '../contract/connection-types.ts';
import { collect } from './command.ts';
import { flagOf } from './flag-of.ts';

type KeysOfEach<T> = T extends unknown ? keyof T : never;
/** Those that connectionTypes names as fields of one line. */
export type FieldOptions = { [Field in KeysOfEach<ConnectionTypes[keyof ConnectionTypes]['form']>]?: string };

export type TargetOptions = FieldOptions & {
  openapi?: string;
  operations?: string;
  basePath?: string;
  serverVariable?: string[];
  otherOrigin?: string[];
  include?: string[];
  header?: string[];
  auth?: string;
  tokenUrl?: string;
  authorizeUrl?: string;
  deviceUrl?: string;
  issuer?: string;
  clientId?: string;
  scope?: string;
  audience?: string;
  clientInBody?: boolean;
  privateNetwork?: boolean;
  env?: string[];
  cwd?: string;
  sandbox?: string;
  network?: boolean;
  path?: string[];
  oneAtATime?: boolean;
  timeout?: string;
  secret?: string[];
  secretFile?: string[];
  secretStdin?: boolean;
};

const again = (flags: string, words: string) => new Option(flags, words).argParser(collect);

/** Those of the fields of all types that are dialled, or of all that are started. */
const fieldOptions = (isStarted: boolean): Option[] =>
  Object.values(connectionTypes)
    .filter((type) => type.isStarted === isStarted)
    .flatMap(({ form }) => Object.entries<FieldFacts>(form))
    .flatMap(([field, { option }]) =>
      option === undefined ? [] : [new Option(`${flagOf(field)} <${option.value}>`, option.help)],
    );

/** What an OpenAPI document leaves to be said, and which part of it is meant. */
const apiOptions = (): Option[] => [
  new Option('--openapi <address|file>', 'the OpenAPI document that describes the API'),
  new Option('--operations <file>', 'operations as a JSON list, where there is no document'),
  new Option('--base-path <path>', 'the path behind --base-url, in place of the document’s own; / for none'),
  again('--server-variable <NAME=value>', 'fills {NAME} in the document’s server (again for more)'),
  again(
    '--other-origin <address>',
    'another host that operations may go to, with the login (again for more)',
  ),
  again('--include <what>', 'operationId, tag or "GET /path*" of the document (again for more)'),
];

export function addTargetOptions(command: Command): Command {
  const groups: [string, Option[]][] = [
    [
      'An MCP server by HTTP, or an HTTP API:',
      [
        ...fieldOptions(false),
        ...apiOptions(),
        again('--header <NAME=plain:value>', 'a header that is no secret (again for more)'),
        new Option(
          '--auth <kind>',
          'bearer, basic:USER, header:NAME, query:NAME or oauth2: asks for its secret; sign-in, or sign-in:PROVIDER: you sign in later (connection login)',
        ),
        new Option('--token-url <address>', 'with --auth oauth2 or sign-in: where tokens are given'),
        new Option('--authorize-url <address>', 'with --auth sign-in: where one signs in'),
        new Option('--device-url <address>', 'with --auth sign-in: where codes for devices are given'),
        new Option('--issuer <address>', 'with --auth sign-in: of a server that says all that itself'),
        new Option('--client-id <id>', 'with --auth oauth2'),
        new Option('--scope <scope>', 'with --auth oauth2 or sign-in: what to ask for'),
        new Option('--audience <audience>', 'with --auth oauth2'),
        new Option(
          '--client-in-body',
          'with --auth oauth2 or sign-in: send the client in the body, not as Basic',
        ),
        new Option('--private-network', 'it may be on this machine or in your own network'),
      ],
    ],
    [
      'A program on this machine:',
      [
        ...fieldOptions(true),
        again('--env <NAME=plain:value>', 'an environment variable that is no secret (again for more)'),
        new Option('--cwd <folder>', 'where it runs; a folder of its own when left out'),
        new Option(
          '--sandbox <kind>',
          'off, default (hides keys and database, writes to few places) or strict (hides all but --path, no network)',
        ),
        new Option('--network', 'with --sandbox strict: leave the network'),
        again('--path <folder>', 'a folder that its sandbox lets it write to'),
      ],
    ],
    [
      'Secrets:',
      [
        again(
          '--secret <NAME>',
          'a secret to ask for: an environment variable, a header, or ${NAME} in the arguments or the address',
        ),
        new Option('--secret-stdin', 'read the secret from standard input (several: NAME=value lines)'),
        again('--secret-file <NAME=path>', 'read a secret from a file'),
      ],
    ],
  ];
  for (const [heading, options] of groups) {
    for (const option of options) command.addOption(option.helpGroup(heading));
  }
  return command
    .addOption(new Option('--timeout <seconds>', 'for one call'))
    .addOption(
      new Option('--one-at-a-time', 'calls wait for each other: for a server that takes no two at once'),
    );
}
