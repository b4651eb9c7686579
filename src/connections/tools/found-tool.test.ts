/** What of a tool is made once, and stands for the tool everywhere after that. */
import { expect, it } from 'vitest';
import type { Tool } from '../../contract/connections.ts';
import { canonicalJson, hashOf } from '../../kernel/hash.ts';
import { Redactor } from '../../vault/redact.ts';
import { acceptCatalog, catalogJson, compareCatalog } from './compare-catalog.ts';
import { DefinitionWriter } from './definition-writer.ts';
import { definitionText, foundTool, readDefinition } from './found-tool.ts';
import { redactTools } from './redact-tools.ts';
import { share } from './shared-json.ts';
import { pin } from './tool-definition.ts';

const tool: Tool = {
  name: 'grüße',
  description: 'Says "good day" – 日本\n',
  inputSchema: { type: 'object', properties: { 2: { enum: [1.5, null] }, 10: {}, a: { $ref: '#/$defs/b' } } },
  annotations: { readOnlyHint: true },
  scopes: [['read']],
};

it('is its definition in canonical JSON, with the hash of all but its scopes', () => {
  const { scopes: _scopes, ...rest } = tool;
  expect(definitionText(foundTool(tool))).toBe(canonicalJson(tool));
  expect(foundTool(tool).hash).toBe(hashOf(rest).toString('hex'));
  expect(readDefinition(foundTool(tool))).toEqual(tool);
});

it('is the same where its parts are shared', () => {
  const a = share({ $ref: '#/$defs/b', z: [{ y: 1, x: undefined }], 1: true });
  const inputSchema = { type: 'object', properties: { a, b: a, c: [a] } };
  const copied = JSON.parse(JSON.stringify(inputSchema));
  expect(foundTool({ ...tool, inputSchema })).toEqual(foundTool({ ...tool, inputSchema: copied }));
});

it('is written whole, behind others of one writer, however long it is', () => {
  const writer = new DefinitionWriter(64);
  const part = share({ description: 'ö'.repeat(5_000), type: 'string' });
  const tools = Array.from({ length: 40 }, (_, at): Tool => {
    const properties = Object.fromEntries(
      Array.from({ length: at }, (_each, n) => [`p${n}`, n % 7 ? { n } : part]),
    );
    return {
      name: `tool-${at}`,
      inputSchema: { type: 'object', properties, required: [] },
      description: '…'.repeat(at),
    };
  });
  const found = tools.map((each) => foundTool(each, writer));
  expect(found.map(definitionText)).toEqual(tools.map(canonicalJson));
  expect(found).toEqual(tools.map((each) => foundTool(each)));
  const moved = structuredClone(found, { transfer: writer.blocks });
  expect(moved.map(readDefinition)).toEqual(tools);
  expect(found[1]?.definition.byteLength).toBe(0);
});

it('is kept in the canonical JSON of what is read back from the row', () => {
  const before = [pin(tool), { ...pin(tool), name: 'gone' }];
  const found = [foundTool({ ...tool, title: 'other' }), foundTool({ ...tool, name: 'new', unusable: 'no' })];
  const { catalog } = compareCatalog(before, found);
  const text = Buffer.from(catalogJson(catalog).utf8).toString();
  const read = JSON.parse(text);
  expect(text).toBe(canonicalJson(read));
  expect(read).toEqual([
    { ...pin(tool), off: 'changed', pending: pin({ ...tool, title: 'other' }) },
    { ...pin({ ...tool, name: 'new', unusable: 'no' }), off: 'unusable' },
    { ...pin(tool), name: 'gone', off: 'gone' },
  ]);
  expect(acceptCatalog(read)[0]).toEqual(pin({ ...tool, title: 'other' }));
});

it.each([
  ['as it is', 'hunter2-hunter2'],
  ['with quotes and a line break', 'hunter2"\n\\hunter2'],
  ['beside letters that are not Latin', 'größte-日本-hunter2'],
])('is redacted where it holds a secret %s, and left as it is elsewhere', (_how, secret) => {
  const redactor = new Redactor();
  redactor.register('acme.key', secret);
  const clean = foundTool(tool);
  const described = { ...tool, inputSchema: { [secret]: { default: `is ${secret}` } } };
  const [kept, redacted] = redactTools(redactor, [clean, foundTool(described)]);
  expect(kept).toBe(clean);
  expect(redacted).toEqual(foundTool(redactor.value(described)));
  expect(definitionText(redacted ?? clean)).not.toContain('hunter2');
});

it('is looked through where a secret is so short that only its field tells it, or has long gaps', () => {
  const short = new Redactor();
  short.register('acme.pin', '1234');
  const asked = { ...tool, inputSchema: { properties: { PiN: { default: 1 }, x: { Pin: '1234' } } } };
  expect(redactTools(short, [foundTool(asked)])).toEqual([foundTool(short.value(asked))]);
  expect(definitionText(redactTools(short, [foundTool(asked)])[0] ?? foundTool(tool))).not.toContain('1234');

  const long = new Redactor();
  const secret = 'QWxhZGRpbjpvcGVuIHNlc2FtZQ-long-enough';
  long.register('acme.key', secret);
  const encoded = Buffer.from(secret).toString('base64').replace(/=+$/, '');
  const broken = { ...tool, description: `${encoded.slice(0, 20)}${'\n'.repeat(30)}${encoded.slice(20)}` };
  expect(long.value(broken).description).toContain('[redacted:');
  expect(redactTools(long, [foundTool(broken)])).toEqual([foundTool(long.value(broken))]);
});
