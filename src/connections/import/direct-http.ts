/** Programs that only carry messages to an address (`mcp-remote URL`): the address itself is dialled instead. */

export type Direct = { url: string; headers: [name: string, value: string][]; warnings: string[] };

const bridges =
  /^(?:mcp-remote|supergateway|mcp-proxy|@pyroprompts\/mcp-stdio-to-streamable-http-adapter)(?:@[\w.^~-]+)?$/;
const inFile = /(?:^|[\\/])(?:mcp-remote|supergateway)[\\/]/;
/** Options with a value, none of which matters to a direct connection. */
const passedOver = new Set([
  ...[
    '--transport',
    '--host',
    '--auth-timeout',
    '--resource',
    '--ignore-tool',
    '--logLevel',
    '--outputTransport',
  ],
  ...['--static-oauth-client-metadata', '--protocolVersion', '--client-id'],
]);
const toKnow: Record<string, string> = {
  '--static-oauth-client-info': 'its OAuth client is not taken over: give it when you sign in',
  '--client-secret': 'its OAuth client is not taken over: give it when you sign in',
};

/**
 * @param env by which references in headers are filled: `Authorization:${AUTH}` with `AUTH` beside it
 * @returns undefined where the words start something else
 */
export function directHttp(words: readonly string[], env: ReadonlyMap<string, string>): Direct | undefined {
  const at = words.findIndex((word) => bridges.test(word) || inFile.test(word));
  if (at < 0) return undefined;
  const name = /mcp-remote|supergateway|mcp-proxy/.exec(words[at] ?? '')?.[0] ?? 'a bridge';
  const rest = words.slice(at + 1);
  let url: string | undefined;
  const headers: Direct['headers'] = [];
  const warnings = [`the address is dialled directly: ${name} is not needed`];
  const filled = (text: string) =>
    text.replace(
      /\$\{([A-Za-z_]\w*)\}|\$([A-Z][A-Z0-9_]+)\b/g,
      (whole, one?: string, other?: string) => env.get(one ?? other ?? '') ?? whole,
    );
  while (rest.length > 0) {
    const word = rest.shift() ?? '';
    const [, option = word, inline] = /^(--[\w-]+)=(.*)$/s.exec(word) ?? [];
    const value = () => inline ?? rest.shift() ?? '';
    if (option === '--header' || option === '-H' || option === '--headers') {
      const given = value();
      const [, header, text] = /^\s*([\w-]+)\s*[:=]\s*(.*)$/s.exec(given) ?? [];
      // mcp-proxy takes the name and the value as two words.
      headers.push(header === undefined ? [given, filled(rest.shift() ?? '')] : [header, filled(text ?? '')]);
    } else if (option === '--oauth2Bearer') headers.push(['Authorization', `Bearer ${filled(value())}`]);
    else if (/^(?:--sse|--streamableHttp)$/.test(option)) url = filled(value());
    else if (passedOver.has(option) || toKnow[option] !== undefined) {
      value();
      if (toKnow[option] !== undefined) warnings.push(toKnow[option]);
    } else if (url === undefined && /^https?:\/\//i.test(word)) url = filled(word);
  }
  return url === undefined ? undefined : { url, headers, warnings };
}
