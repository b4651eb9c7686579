/** What the console's forms make of a skill: pure functions, without a browser. */
import { describe, expect, it } from 'vitest';
import { draftOf, patchOf } from '../console/connections/connection-draft.ts';
import { fieldsOfSchema, typedValue } from '../console/executions/input-fields.ts';
import { rowsOf, schemaOfRows } from '../console/executions/input-schema.ts';
import { shown, stored } from '../console/settings/config-units.ts';
import { cronOf, rhythmOf } from '../console/skills/cron.ts';
import { bodyOf, formFields, placeOf, draftOf as skillDraftOf } from '../console/skills/skill-draft.ts';
import { mergePatchOf } from '../src/contract/merge-patch-of.ts';
import { differencesOf } from '../src/contract/skill-differences.ts';
import { type Skill, skillDefinitionSchema } from '../src/contract/skills.ts';
import { mergePatch } from '../src/kernel/merge-patch.ts';

describe('input schemas as rows', () => {
  it('come back equal, whatever a row cannot say', () => {
    const schema = {
      type: 'object',
      properties: {
        who: { type: 'string', description: 'A person', maxLength: 40 },
        size: { type: 'string', enum: ['s', 'm'], default: 's' },
        many: { type: 'array', items: { type: 'string' } },
        deep: { type: 'object', properties: { a: { type: 'number' } }, required: ['a'] },
        either: { anyOf: [{ type: 'string' }, { type: 'null' }] },
        mixed: { enum: [1, 'one'] },
        day: { type: 'string', format: 'date' },
        anything: {},
      },
      required: ['who', 'deep'],
      additionalProperties: false,
    };
    const rows = rowsOf(schema);
    expect(rows?.rows.map(({ type }) => type)).toEqual([
      'text',
      'choice',
      'list',
      'other',
      'other',
      'other',
      'date',
      'json',
    ]);
    expect(rows && schemaOfRows(rows)).toEqual(schema);
  });

  it('stay JSON where rows would lose something', () => {
    expect(rowsOf({ type: 'array' })).toBeUndefined();
    expect(rowsOf({ properties: { a: true } })).toBeUndefined();
    expect(rowsOf({ properties: {}, required: ['elsewhere'] })).toBeUndefined();
  });
});

describe('patches', () => {
  it('make one into the other, by the rule that the VM uses', () => {
    const before = { a: 1, b: { c: 1, d: { e: 1 } }, list: [1, 2] };
    const after = { b: { d: { f: 2 } }, list: [2], g: { h: 1 } };
    expect(mergePatch(before, mergePatchOf(before, after))).toEqual(after);
  });
});

describe('schedules in plain words', () => {
  it.each(['5 * * * *', '0 7 * * *', '30 6 * * 1-5', '15 18 * * 1,4', '0 0 31 * *'])(
    '%s is a choice',
    (cron) => {
      expect(rhythmOf(cron).kind).not.toBe('own');
      expect(cronOf(rhythmOf(cron))).toBe(cron);
    },
  );
  it.each(['*/5 * * * *', '0 7 1 * 1', '@daily', '0 7,19 * * *', '0 7 * 6 *', '0 25 * * *'])(
    '%s is none',
    (cron) => {
      expect(rhythmOf(cron)).toEqual({ kind: 'own' });
    },
  );
});

describe('differences of versions', () => {
  const step = (id: number, prompt: string, allowedTools: string[] = []) => ({ id, prompt, allowedTools });
  it('follow a step to where it stands now, and name what is new or gone', () => {
    const before = { name: 'A', steps: [step(1, 'one'), step(2, 'two', ['x']), step(3, 'three')] };
    const after = { name: 'B', steps: [step(1, 'two', ['x', 'y']), step(2, 'three'), step(3, 'four')] };
    expect(differencesOf(before, after)).toEqual([
      { part: 'The skill', field: 'Name', before: 'A', after: 'B' },
      { part: 'Step 1, removed', field: 'What to do', before: 'one', after: undefined },
      { part: 'Step 1, before 2', field: 'Tools', before: 'x', after: 'x\ny' },
      { part: 'Step 3, new', field: 'What to do', before: undefined, after: 'four' },
    ]);
  });
  it('pair a step whose prompt was rewritten', () => {
    const of = (prompt: string) => ({ steps: [step(1, 'same'), step(2, prompt)] });
    expect(differencesOf(of('old'), of('new'))).toEqual([
      { part: 'Step 2', field: 'What to do', before: 'old', after: 'new' },
    ]);
  });
});

describe('a connection that is changed in a form', () => {
  const sealed = (fingerprint: string) => ({ sealed: true, fingerprint });
  const stdio = {
    type: 'mcp_stdio',
    config: {
      command: 'npx',
      args: ['-y', 'a-server'],
      env: { API_TOKEN: sealed('a1b2c3d4'), LANG: { plain: 'C' } },
      secrets: {},
      sandbox: 'default',
    },
  } as const;
  const changed = (change: (draft: ReturnType<typeof draftOf>) => Partial<ReturnType<typeof draftOf>>) => {
    const draft = draftOf(stdio);
    return patchOf(stdio, { ...draft, ...change(draft) });
  };

  it('is left as it is where nothing was touched, secrets above all', () => {
    expect(changed(() => ({}))).toEqual({});
    const http = {
      type: 'http_api' as const,
      config: { baseUrl: 'https://api.example', auth: { type: 'bearer', token: sealed('a1b2c3d4') } },
    };
    expect(patchOf(http, draftOf(http))).toEqual({});
    expect(patchOf(http, { ...draftOf(http), auth: { token: 'another' } })).toEqual({
      auth: { token: 'another' },
    });
  });

  it('says only what was touched', () => {
    expect(
      changed(({ texts }) => ({ texts: { ...texts, command: 'node' }, args: 'server.js\n--quiet' })),
    ).toEqual({
      command: 'node',
      args: ['server.js', '--quiet'],
    });
    expect(changed(() => ({ args: '' }))).toEqual({ args: [] });
    expect(changed(() => ({ sandbox: 'strict' }))).toEqual({ sandbox: 'strict' });
  });

  it('keeps, replaces, adds and removes entries', () => {
    const entries = (of: (name: string) => object) =>
      changed((draft) => ({
        entries: [
          ...draft.entries.map((entry) => ({ ...entry, ...of(entry.name) })),
          { part: 'env', name: 'MORE', kind: 'new', value: 'x', isRemoved: false },
          { part: 'env', name: '', kind: 'new', value: 'forgotten', isRemoved: false },
        ],
      }));
    expect(entries(() => ({}))).toEqual({ env: { MORE: 'x' } });
    expect(entries((name) => (name === 'LANG' ? { value: 'de' } : { value: 'new' }))).toEqual({
      env: { MORE: 'x', LANG: { plain: 'de' }, API_TOKEN: 'new' },
    });
    expect(entries(() => ({ isRemoved: true }))).toEqual({ env: { MORE: 'x', LANG: null, API_TOKEN: null } });
  });

  it('does not offer arguments that a line cannot hold', () => {
    const connection = { type: 'mcp_stdio' as const, config: { command: 'sh', args: ['-c', 'a\nb'] } };
    expect(draftOf(connection).args).toBeUndefined();
    expect(patchOf(connection, draftOf(connection))).toEqual({});
  });
});

describe('a setting in the units that people think in', () => {
  it('is stored in its own', () => {
    expect([stored('1.5', 60_000), stored('0.25', 1_000_000_000), stored('', 60_000)]).toEqual([
      '90000',
      '250000000',
      '',
    ]);
    expect([shown('90000', 60_000), shown('', 60_000), shown('12.5', 1), shown('Europe/Berlin')]).toEqual([
      '1.5',
      '',
      '12.5',
      'Europe/Berlin',
    ]);
  });

  it('is sent as it was typed when it is no number, for the server to say so', () => {
    expect([stored('soon', 60_000), stored('1,5', 60_000)]).toEqual(['soon', '1,5']);
  });
});

describe('a skill in the form', () => {
  const said = {
    ...{ slug: 'a', name: 'A', description: ' Writes letters.\nThen it sends them.\n' },
    ...{ steps: [{ id: 1, prompt: 'x', allowedTools: [] }] },
    ...{ maxCostUsd: 0.5, maxCostPerDayUsd: 2, maxCostPerMonthUsd: 20, timeoutMs: 90_000, model: 'm' },
    ...{
      effort: 'high',
      concurrency: 3,
      onCrash: 'hold',
      onFailureSkill: 'b',
      tags: ['money', 'Every month'],
    },
  };

  it('comes back as it was, in every field that is shown by rule', () => {
    const skill = skillDefinitionSchema.parse(said) as unknown as Skill;
    expect(skillDefinitionSchema.parse(bodyOf(skillDraftOf(skill)))).toMatchObject(said);
    expect(formFields.filter(({ field, unsaid }) => skill[field] === unsaid)).toEqual([]);
  });

  it('says nothing where it is empty', () => {
    const body = bodyOf({ ...skillDraftOf(undefined), concurrency: ' ' });
    for (const { field, unsaid } of formFields) expect(body[field]).toBe(unsaid);
  });

  it('has a place for what is wrong with each', () => {
    for (const { field } of formFields) expect(placeOf(`/${field}`, skillDraftOf(undefined))).toBe(field);
    expect(placeOf('/tags/1', skillDraftOf(undefined))).toBe('tags');
  });
});

it('takes numbers to the last digit, as they were typed', () => {
  const fields = fieldsOfSchema({
    properties: { id: { type: 'integer' }, price: { type: 'number' }, more: { type: 'object' } },
  });
  const typed = (name: string, text: string) => {
    const field = fields.find((one) => one.name === name);
    return field && typedValue(field, text);
  };
  expect(typed('id', '1234567890123456789')).toBe('1234567890123456789');
  expect([typed('id', '42'), typed('id', '007'), typed('price', '1.5')]).toEqual([42, 7, 1.5]);
  expect(typed('more', '{"id": 9007199254740993}')).toEqual({ id: '9007199254740993' });
});
