/** A folder with what servers look for at their start: notes, a database, credentials of nobody, an API's document. */
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { installation } from '../../src/kernel/installation.ts';

/** Makes `folder` anew, the same each time. @param server the address of a web server that answers everything with `{}` */
export function makeFixtures(folder: string, server: string): void {
  rmSync(folder, { recursive: true, force: true });
  for (const name of ['.obsidian', '.kube', '.git/refs', '.git/objects'])
    mkdirSync(path.join(folder, name), { recursive: true });
  cpSync(path.join(installation, 'samples'), folder, { recursive: true });
  const write = (name: string, text: string) => writeFileSync(path.join(folder, name), text);
  write('.git/HEAD', 'ref: refs/heads/main\n');
  write('.kube/config', kubeconfig(server));
  write('gcp-oauth.keys.json', JSON.stringify({ installed: credentials }));
  write('openapi.json', JSON.stringify(document));
  const shop = new DatabaseSync(path.join(folder, 'shop.db'));
  shop.exec(
    "create table goods (name text, price real); insert into goods values ('lamp', 19.5), ('chair', 80)",
  );
  shop.close();
}

const credentials = {
  client_id: '1-k9f3.apps.googleusercontent.com',
  client_secret: 'GOCSPX-k9f3a7c2e8b14d60aa51',
  redirect_uris: ['http://localhost'],
  auth_uri: 'https://accounts.google.com/o/oauth2/auth',
  token_uri: 'https://oauth2.googleapis.com/token',
};

const kubeconfig = (server: string): string => `apiVersion: v1
kind: Config
current-context: home
clusters: [{name: home, cluster: {server: "${server}"}}]
contexts: [{name: home, context: {cluster: home, user: me}}]
users: [{name: me, user: {token: k9f3a7c2}}]
`;

const document = {
  openapi: '3.1.0',
  info: { title: 'Pets', version: '1' },
  paths: { '/pets': { get: { operationId: 'listPets', responses: { 200: { description: 'All' } } } } },
};
