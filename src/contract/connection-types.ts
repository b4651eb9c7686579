/**
 * The types of connections, each once: what its config may hold, and its words for people. API, command line and console go by
 * this table, `connections/config/by-type.ts` by its names; `prisma/schema.prisma` has them too.
 */
import { z } from 'zod';
import { connectionNameSchema } from './common.ts';
import { httpApiConfigSchema, mcpHttpConfigSchema } from './http-connections.ts';
import { stdioConfigSchema } from './stdio-connections.ts';

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
  /** Where `${NAME}` stands: an argument, or the address. */
  place: string;
  /** The fields of one line in the console's form, with their labels. */
  form: Readonly<Record<string, string>>;
  /** The part of the config that holds values by name, each a secret or `{plain}`. */
  values: 'env' | 'headers';
};

export const connectionTypes = {
  mcp_stdio: {
    config: stdioConfigSchema,
    words: 'MCP server that runs here',
    icon: 'Terminal',
    kind: 'a program',
    isStarted: true,
    place: 'an argument',
    form: { command: 'Program' },
    values: 'env',
  },
  mcp_http: {
    config: mcpHttpConfigSchema,
    words: 'MCP server elsewhere',
    icon: 'Server',
    kind: 'an MCP server by HTTP',
    isStarted: false,
    place: 'the address',
    form: { url: 'Address' },
    values: 'headers',
  },
  http_api: {
    config: httpApiConfigSchema,
    words: 'HTTP API',
    icon: 'Globe',
    kind: 'an HTTP API',
    isStarted: false,
    place: 'the address',
    form: { baseUrl: 'Address of the API' },
    values: 'headers',
  },
} as const satisfies Record<string, ConnectionTypeFacts>;

export type ConnectionTypes = typeof connectionTypes;
export type ConnectionType = keyof ConnectionTypes;

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
