/**
 * Programs as somebody would write them against the documents of a VM and of a Core: names, headers, patches, errors. On a VM one makes a
 * skill, runs it as a rehearsal, and removes it; at a Core one user and one enrolment.
 */

export const vmClient = {
  program: `
import createClient from 'openapi-fetch';
import type { operations, paths } from './api.d.ts';

type Skill = operations['getSkill']['responses'][200]['content']['application/json'];

const [baseUrl = '', token = ''] = process.argv.slice(2);
const { GET, POST, PATCH, DELETE } = createClient<paths>({ baseUrl, headers: { authorization: 'Bearer ' + token } });
const slug = 'generated-client-' + Date.now();
const params = { path: { slug } };
const expect = (what: string, held: boolean): void => {
  if (!held) throw new Error(what);
};

const made = await POST('/api/v1/skills', { body: { slug, name: 'A', steps: [{ id: 1, prompt: 'Go.', allowedTools: [] }] } });
expect('made', made.response.status === 201 && made.response.headers.has('location'));
const read = await GET('/api/v1/skills/{slug}', { params });
const skill: Skill | undefined = read.data;
expect('read', skill?.name === 'A');
const etag = read.response.headers.get('etag') ?? '';
const changed = await PATCH('/api/v1/skills/{slug}', { params: { ...params, header: { 'if-match': etag } }, body: { name: 'B', model: null } });
expect('changed', changed.data?.name === 'B');
const late = await DELETE('/api/v1/skills/{slug}', { params: { ...params, header: { 'if-match': etag } } });
expect('changed meanwhile', late.response.status === 412 && late.error?.code === 'E_PRECONDITION');
const run = { params: { ...params, header: { 'idempotency-key': 'once' } }, body: { mode: 'rehearsal' } } as const;
const [one, two] = [await POST('/api/v1/skills/{slug}/run', run), await POST('/api/v1/skills/{slug}/run', run)];
const idOf = (data: typeof one.data): string | undefined => (data && 'executionId' in data ? data.executionId : undefined);
expect('one run', one.response.status === 202 && idOf(one.data) === idOf(two.data));
expect('nothing need be sent', (await POST('/api/v1/skills/{slug}/run', { params })).response.status === 202);
expect('removed', (await DELETE('/api/v1/skills/{slug}', { params })).response.status === 204);
console.log('the generated client works');
`,
  mistakes: [
    `await PATCH('/api/v1/skills/{slug}', { params, body: { name: 5 } });`,
    `await GET('/api/v1/executions', { params: { query: { Skill: 'bulk' } } });`,
    `await POST('/api/v1/skills/{slug}/run', { params, body: { mode: 'sometimes' } });`,
  ],
};

export const coreClient = {
  program: `
import createClient from 'openapi-fetch';
import type { operations, paths } from './api.d.ts';

type Fleet = operations['readFleet']['responses'][200]['content']['application/json'];

const [baseUrl = '', token = ''] = process.argv.slice(2);
const { GET, POST, PATCH, DELETE } = createClient<paths>({ baseUrl, headers: { authorization: 'Bearer ' + token } });
const expect = (what: string, held: boolean): void => {
  if (!held) throw new Error(what);
};

const made = await POST('/v1/users', { body: { login: 'generated-' + Date.now(), customerNumber: 'K-1' } });
const id = made.data?.id ?? '';
expect('made', made.response.status === 201 && id !== '');
expect('numbered', (await PATCH('/v1/users/{id}', { params: { path: { id } }, body: { customerNumber: 'K-2' } })).response.status === 204);
const enrolment = await POST('/v1/enrollments', { body: { label: 'A', userId: id } });
expect('a token', enrolment.data?.token.startsWith('enrol_') === true);
const query = { state: 'all', sort: 'tokens', order: 'desc', limit: 5 } as const;
const fleet: Fleet | undefined = (await GET('/v1/fleet', { params: { query } })).data;
expect('counted', typeof fleet?.counts.silent === 'number' && fleet.items.every(({ tokens }) => tokens >= 0));
const nobody = '00000000-0000-4000-8000-000000000000';
const changed = await POST('/v1/vms/changes', { body: { vmIds: [nobody], suspended: true } });
expect('none is there', changed.data?.missing[0] === nobody);
const history = await GET('/v1/vms/{id}/history', { params: { path: { id: nobody }, query: { unit: 'month' } } });
expect('not there', history.error?.code === 'E_NOT_FOUND');
const month = await POST('/v1/months/{month}/close', { params: { path: { month: '2099-01' } } });
expect('not over', month.response.status === 409 && month.error?.code === 'E_CONFLICT');
expect('withdrawn', (await DELETE('/v1/enrollments/{id}', { params: { path: { id: enrolment.data?.id ?? '' } } })).response.status === 204);
expect('removed', (await DELETE('/v1/users/{id}', { params: { path: { id } } })).response.status === 204);
console.log('the generated client works');
`,
  mistakes: [
    `await POST('/v1/vms/changes', { body: { vmIds: 'all', retired: true } });`,
    `await GET('/v1/fleet', { params: { query: { Sort: 'tokens' } } });`,
    `await POST('/v1/corrections', { body: { vmId: nobody, day: '2026-11-01', tokens: '-5' } });`,
  ],
};
