import type { Connection } from '../../src/contract/connections.ts';
import { visibleText, visibleWord } from '../../src/contract/visible.ts';
import { t } from '../words/t.ts';

/** The exact command or address. */
export function Destination({ connection: { config } }: { connection: Pick<Connection, 'config'> }) {
  const {
    command,
    args,
    url,
    baseUrl,
    origin,
    otherOrigins = [],
  } = config as {
    command?: string;
    args?: string[];
    url?: string;
    baseUrl?: string;
    origin?: string;
    otherOrigins?: string[];
  };
  return (
    <pre className="overflow-x-auto rounded-lg bg-sunken px-3 py-2 font-mono text-[12.5px] whitespace-pre-wrap break-all">
      {command === undefined
        ? [url ?? baseUrl ?? origin ?? t('An address from its OpenAPI document'), ...otherOrigins]
            .map(visibleText)
            .join('\n')
        : [command, ...(args ?? [])].map(visibleWord).join(' ')}
    </pre>
  );
}
