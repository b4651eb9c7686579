/**
 * The types of connections, each once: what its config may hold, and its words for people. API, command line and console go by
 * this table, `connections/config/by-type.ts` by its names; `prisma/schema.prisma` has them too.
 */
import { z } from 'zod';
import { connectionNameSchema } from './common.ts';
import { httpApiConfigSchema, mcpHttpConfigSchema } from './http-connections.ts';
import { stdioConfigSchema } from './stdio-connections.ts';

export type FieldFacts = {
  /** In the console's form. */
  label: string;
  /** The option of the command line that gives it is called as it is: what its value stands for there, and its help. */
  option?: { value: string; help: string };
};

type ConnectionTypeFacts = {
  /** Has `secrets`, whose entries stand where `${NAME}` does. */
  config: z.ZodType<{ secrets: Record<string, string>; timeoutMs?: number | undefined }>;
  /** On the pages of the console, with its picture (console/connections/connection-icon.tsx). */
  words: string;
  icon: string;
  /** Where an option of the command line is refused: it does not go with … */
  kind: string;
  /** Whether it is a program on this machine; others are dialled. */
  isStarted: boolean;
  /** Whether a person may sign in to it: then its config has `oauth` and `device`, `secrets` and `allowPrivateNetwork`. */
  signsIn: boolean;
  /** Where `${NAME}` stands: an argument, or the address. */
  place: string;
  /** The fields of one line. The command, which stands behind `--`, is the one that no option gives. */
  form: Readonly<Record<string, FieldFacts>>;
  /** The part of the config that holds values by name, each a secret or `{plain}`. */
  values: 'env' | 'headers';
  /** The options of the command line that go with it, beside those of its fields and those that go with every type. */
  options: readonly string[];
  /** Each of these says to `connection add` that it is of this type. */
  saidBy: readonly string[];
};

export const connectionTypes = {
  mcp_stdio: {
    config: stdioConfigSchema,
    words: 'MCP server that runs here',
    icon: 'Terminal',
    kind: 'a program',
    isStarted: true,
    signsIn: false,
    place: 'an argument',
    form: { command: { label: 'Program' } },
    values: 'env',
    options: ['env', 'cwd', 'sandbox', 'network', 'path', 'oneAtATime'],
    saidBy: ['command'],
  },
  mcp_http: {
    config: mcpHttpConfigSchema,
    words: 'MCP server elsewhere',
    icon: 'Server',
    kind: 'an MCP server by HTTP',
    isStarted: false,
    signsIn: true,
    place: 'the address',
    form: { url: { label: 'Address', option: { value: 'address', help: 'where the MCP server is' } } },
    values: 'headers',
    options: ['header', 'auth', 'privateNetwork', 'oneAtATime'],
    saidBy: ['url'],
  },
  http_api: {
    config: httpApiConfigSchema,
    words: 'HTTP API',
    icon: 'Globe',
    kind: 'an HTTP API',
    isStarted: false,
    signsIn: true,
    place: 'the address',
    form: {
      baseUrl: {
        label: 'Address of the API',
        option: {
          value: 'address',
          help: 'where the API is; else the document’s first server. One without a path gets the document’s own',
        },
      },
    },
    values: 'headers',
    options: [
      ...(['header', 'auth', 'privateNetwork', 'openapi', 'operations', 'basePath'] as const),
      ...(['serverVariable', 'otherOrigin', 'include', 'tokenUrl', 'authorizeUrl', 'deviceUrl'] as const),
      ...(['issuer', 'clientId', 'scope', 'audience', 'clientInBody'] as const),
    ],
    saidBy: ['openapi', 'operations'],
  },
} as const satisfies Record<string, ConnectionTypeFacts>;

export type ConnectionTypes = typeof connectionTypes;
export type ConnectionType = keyof ConnectionTypes;

/** Those that a person may sign in to. */
export type SignInType = {
  [T in ConnectionType]: ConnectionTypes[T]['signsIn'] extends true ? T : never;
}[ConnectionType];

export const maySignIn = <Typed extends { type: ConnectionType }>(
  typed: Typed,
): typed is Extract<Typed, { type: SignInType }> => connectionTypes[typed.type].signsIn;

export const connectionTypeSchema = z.enum(Object.keys(connectionTypes) as ConnectionType[]);

const inputOf = <T extends ConnectionType, Config extends z.ZodType>(type: T, config: Config) =>
  z
    .object({
      name: connectionNameSchema,
      isActive: z.boolean().default(true),
      type: z.literal(type),
      config,
    })
    .strict();

export const connectionInputSchema = z
  .discriminatedUnion('type', [
    inputOf('mcp_stdio', stdioConfigSchema),
    inputOf('mcp_http', mcpHttpConfigSchema),
    inputOf('http_api', httpApiConfigSchema),
  ])
  .describe('A connection to make');
export type ConnectionInput = z.infer<typeof connectionInputSchema>;

/** Whether only the document of an API says where it is, and nobody has seen what it says. */
export const hasUnknownOrigin = ({
  type,
  config,
}: {
  type: ConnectionType;
  config: Readonly<Record<string, unknown>>;
}): boolean => type === 'http_api' && config.baseUrl === undefined && config.origin === undefined;
