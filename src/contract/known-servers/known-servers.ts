/** The MCP servers that are known by name: the console's catalogue, and rows of docs/servers.md. */
import { codeServers } from './code.ts';
import { houseServers } from './house.ts';
import type { KnownServer } from './known-server.ts';
import { machineServers } from './machines.ts';
import { officeServers } from './office.ts';
import { webServers } from './web.ts';
import { workServers } from './work.ts';

/** By what they are for; the name is the connection's too. */
export const serversByUse: readonly { use: string; servers: Readonly<Record<string, KnownServer>> }[] = [
  { use: 'For the house', servers: houseServers },
  { use: 'For letters and papers', servers: officeServers },
  { use: 'For the web', servers: webServers },
  { use: 'For work with others', servers: workServers },
  { use: 'For code', servers: codeServers },
  { use: 'For machines and data', servers: machineServers },
];

export const knownServers: Readonly<Record<string, KnownServer>> = Object.assign(
  {},
  ...serversByUse.map(({ servers }) => servers),
);
