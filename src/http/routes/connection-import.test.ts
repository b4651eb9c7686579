import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestServer, type TestServer } from '../../../tests/helpers/http.ts';
import { connectionSchema } from '../../contract/connections.ts';
import { exportSchema, importResultSchema } from '../../contract/imports.ts';

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer({ withPool: true });
});
afterAll(() => server.close());

const secret = 'ghp_c4nary0123456789';
const mcpServers = {
  GitHub: { command: 'node', args: ['server.js'], env: { GITHUB_TOKEN: secret } },
  house: { url: 'https://house.test/mcp', headers: { Authorization: `Bearer ${secret}` } },
};
const importUrl = '/api/v1/connections/import';

it('previews, saves without approving even for the owner, and exports without secrets', async () => {
  const preview = await server.send('POST', importUrl, { mcpServers });
  expect(preview.status, preview.text).toBe(200);
  expect(importResultSchema.parse(preview.body)).toMatchObject({
    previews: [
      { name: 'github', runs: 'node server.js' },
      { name: 'house', dials: 'https://house.test/mcp' },
    ],
    saved: [],
  });
  expect((await server.send('GET', '/api/v1/connections/github')).status).toBe(404);

  const saved = await server.send('POST', importUrl, { mcpServers, apply: true });
  expect(importResultSchema.parse(saved.body).saved).toEqual(['github', 'house']);
  const shown = await server.send('GET', '/api/v1/connections/house');
  expect(connectionSchema.parse(shown.body)).toMatchObject({ type: 'mcp_http', approved: false });
  const test = await server.send('POST', '/api/v1/connections/house/test');
  expect(test.body).toMatchObject({ code: 'E_NOT_APPROVED' });

  const exported = await server.send('GET', '/api/v1/connections/export');
  expect(exportSchema.parse(exported.body).mcpServers).toEqual({
    github: { command: 'node', args: ['server.js'], env: { GITHUB_TOKEN: '${GITHUB_TOKEN}' } },
    house: { type: 'http', url: 'https://house.test/mcp', headers: { Authorization: '${AUTHORIZATION}' } },
  });
  for (const { text } of [preview, saved, shown, exported]) expect(text).not.toContain(secret);
  expect(server.logged.join('')).not.toContain(secret);
});

it('says what is wrong with what was sent, without repeating it', async () => {
  for (const body of [
    {},
    { mcpServers, text: 'npx x' },
    { text: `{"oops ${secret}` },
    { text: '{"a": 1}' },
  ]) {
    const answer = await server.send('POST', importUrl, body);
    expect(answer.status).toBe(422);
    expect(answer.text).not.toContain(secret);
  }
});

it('previews a change, and says which secrets it would drop', async () => {
  const url = '/api/v1/connections/house';
  const before = await server.send('GET', url);
  const patch = { config: { url: 'https://other.test/mcp' } };
  const preview = await server.send('PATCH', `${url}?preview=true`, patch);
  expect(preview.body).toMatchObject({ warnings: [expect.stringMatching(/dropped.*Authorization/)] });
  expect((await server.send('GET', url)).text).toBe(before.text);
  const after = await server.send('PATCH', url, patch);
  expect(after.body).toMatchObject({ config: { url: 'https://other.test/mcp', headers: {} } });
});
