/** A connection's config with its type, and what is read out of it without opening a secret. */
import { type ConnectionType, type StdioConfigInput, stdioConfigSchema } from '../../contract/connections.ts';
import {
  type HttpApiConfigInput,
  httpApiConfigSchema,
  type McpHttpConfigInput,
  mcpHttpConfigSchema,
} from '../../contract/http-connections.ts';
import { normalSource } from '../openapi/load-document.ts';

/** Its secrets may be open or sealed: that depends on where it stands. */
export type TypedConfig =
  | { type: 'mcp_stdio'; config: StdioConfigInput }
  | { type: 'mcp_http'; config: McpHttpConfigInput }
  | { type: 'http_api'; config: HttpApiConfigInput };

export const configSchemas = {
  mcp_stdio: stdioConfigSchema,
  mcp_http: mcpHttpConfigSchema,
  http_api: httpApiConfigSchema,
} as const;

/** @throws ZodError when `config` is not what its type has */
export function parseConfig(type: ConnectionType, config: unknown): TypedConfig {
  switch (type) {
    case 'mcp_stdio':
      return { type, config: stdioConfigSchema.parse(config) };
    case 'mcp_http':
      return { type, config: mcpHttpConfigSchema.parse(config) };
    case 'http_api':
      return { type, config: httpApiConfigSchema.parse(config) };
  }
}

/** `typed` as it is kept: an OpenAPI document that was sent along as compact text, whatever form it came in. */
export function normalConfig(typed: TypedConfig): TypedConfig {
  if (typed.type !== 'http_api' || typed.config.openapi === undefined) return typed;
  return { ...typed, config: { ...typed.config, openapi: normalSource(typed.config.openapi) } };
}

/** `${NAME}` in an argument or an address stands for `secrets.NAME`. */
const placeholder = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** The texts of a config in which placeholders are filled. */
const textsOf = (typed: TypedConfig): string[] => {
  if (typed.type === 'mcp_stdio') return typed.config.args;
  const address = typed.type === 'mcp_http' ? typed.config.url : typed.config.baseUrl;
  return address === undefined ? [] : [address];
};

/** The entries of `secrets` that arguments or the address name, each once. */
export const secretsNamed = (typed: TypedConfig): string[] => [
  ...new Set(textsOf(typed).flatMap((text) => [...text.matchAll(placeholder)].map(([, name = '']) => name))),
];

/**
 * `text` with its placeholders filled.
 *
 * @param secretOf the secret of that name; throws when there is none
 */
export const fillPlaceholders = (text: string, secretOf: (name: string) => string): string =>
  text.replace(placeholder, (_whole, name: string) => secretOf(name));
