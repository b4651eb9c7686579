/** Where the folders of agents are. A folder's name tells whose it is. */
import path from 'node:path';

export const runsFolder = (home: string): string => path.join(home, 'runs');

/** The random part of an id: paths of sockets below a folder must be short. */
export const shortId = (id: string): string => id.slice(-12);

/** @param owner the worker whose agent lives there */
export const runFolderOf = (home: string, owner: string, agentId: string): string =>
  path.join(runsFolder(home), `${shortId(owner)}-${shortId(agentId)}`);

/** The owner's short id. */
export const ownerOfRunFolder = (name: string): string => name.split('-')[0] ?? '';
