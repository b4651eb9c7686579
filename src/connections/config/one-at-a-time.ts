import type { TypedConfig } from './typed-config.ts';

/**
 * Servers that read a whole file, change it and write it back, each call by itself: of two at once, both say that it is done,
 * and one is lost (`@modelcontextprotocol/server-memory`: of 20 at once, one was kept).
 */
const known =
  /(?:^|[\\/])(?:@modelcontextprotocol[\\/])?server-memory(?:@[\w.^~-]+)?(?:[\\/]|$)|^mcp[\\/]memory(?::|$)/;

/** Whether calls of a connection wait for each other: as its config says, and else where its server is known to need it. */
export function isOneAtATime({ type, config }: TypedConfig): boolean {
  if ('oneAtATime' in config && config.oneAtATime !== undefined) return config.oneAtATime;
  return type === 'mcp_stdio' && [config.command, ...config.args].some((word) => known.test(word));
}
