import type { HookSample } from '../../contract/webhooks.ts';

/** A word of a POSIX shell that stands for exactly this text. */
const shellQuote = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/**
 * A delivery as a command for a POSIX shell. A bearer token is asked for when the command runs and handed to curl through a
 * pipe, so that neither the history nor a list of processes has it.
 */
export function curlCommand({ url, headers, body, needsToken }: HookSample): string {
  const options = [
    `-X POST ${shellQuote(url)}`,
    ...Object.entries(headers).map(([name, value]) => `-H ${shellQuote(`${name}: ${value}`)}`),
    ...(needsToken ? ['-H @-'] : []),
    `--data-raw ${shellQuote(body)}`,
  ].join(' \\\n  ');
  if (!needsToken) return `curl -sS ${options}`;
  return [
    `(printf 'the webhook’s secret: ' >&2; stty -echo 2>/dev/null; read -r token; stty echo 2>/dev/null; echo >&2`,
    `printf 'authorization: Bearer %s\\n' "$token" | curl -sS ${options})`,
  ].join('\n');
}
