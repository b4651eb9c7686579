import type { UsedSecret } from '../../secrets/record-secret-uses.ts';
import type { ConnectionRow } from '../connection-row.ts';
import { leafLabel, leafPlace, secretLeaves } from './leaves.ts';

/** The secrets that a connection holds while it is open, and where they go. */
export type SecretsInUse = { secrets: UsedSecret[]; destination: string };

export const secretsInUse = (row: ConnectionRow): SecretsInUse => ({
  secrets: secretLeaves(row.config).map(({ path }) => ({
    place: leafPlace(row, path),
    label: leafLabel(row, path),
  })),
  destination: destinationOf(row),
});

function destinationOf(row: ConnectionRow): string {
  switch (row.type) {
    case 'mcp_stdio':
      return row.config.command;
    case 'mcp_http':
      return hostOf(row.config.url);
    case 'http_api':
      return row.config.baseUrl === undefined
        ? 'the host of its OpenAPI document'
        : hostOf(row.config.baseUrl);
  }
}

/** An address may hold `${NAME}` where a secret goes: what is no address is shown as it was written. */
const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url);
