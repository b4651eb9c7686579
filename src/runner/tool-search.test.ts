/** A thousand tools behind two: what the model is shown, and what a search finds. */
import { expect, it } from 'vitest';
import type { PinnedTool } from '../contract/connections.ts';
import { toolsOf } from './step-tools.ts';
import { findTools, innerCall, offerOf, searchTools, shownNames } from './tool-search.ts';

const verbs = [
  'create',
  'list',
  'update',
  'delete',
  'archive',
  'share',
  'export',
  'assign',
  'restore',
  'move',
];
const things = Array.from({ length: 100 }, (_, at) => `thing${at}`);
const tools: PinnedTool[] = [
  ...verbs.flatMap((verb) =>
    things.map((thing) => ({
      name: `${verb}_${thing}`,
      description: `This will ${verb} one ${thing} of the workspace, with whatever belongs to it.`,
      inputSchema: { type: 'object', properties: { id: { type: 'string', description: 'Which one' } } },
      hash: '0'.repeat(64),
    })),
  ),
  {
    name: 'listOverdueInvoices',
    description: 'Bills that nobody has paid in time.',
    inputSchema: { type: 'object', properties: { $top: { type: 'integer' } } },
    hash: '0'.repeat(64),
  },
];
const stepTools = toolsOf(
  ['mcp__office__*'],
  new Map([['office', { isActive: true, approved: true, status: 'ready', tools }]]),
);

it('shows two small tools in the place of a thousand, and all of them to a rehearsal', () => {
  const offer = offerOf(stepTools, true);
  expect(shownNames(offer)).toEqual(['mcp__Tools__find', 'mcp__Tools__call']);
  expect(offer.searched).toHaveLength(1_001);
  expect(JSON.stringify(searchTools(offer.searched)).length).toBeLessThan(1_500);
  expect(shownNames(offerOf(stepTools, false))).toHaveLength(1_001);
  expect(shownNames(offerOf(stepTools.slice(0, 20), true))).toHaveLength(20);
});

it.each([
  ['overdue invoices', 'mcp__office__listOverdueInvoices'],
  ['which bills were not paid', 'mcp__office__listOverdueInvoices'],
  ['archive thing42', 'mcp__office__archive_thing42'],
  ['mcp__office__move_thing7', 'mcp__office__move_thing7'],
  ['move_thing99', 'mcp__office__move_thing99'],
])('finds for %j', (query, name) => {
  const [first = ''] = findTools(stepTools, query).split('\n');
  expect(JSON.parse(first)).toMatchObject({ name, inputSchema: { type: 'object' } });
});

it('says what it did not find, and gives no more than a model can read', () => {
  expect(findTools(stepTools, 'zebra')).toContain('No tool fits');
  expect(findTools(stepTools, 'workspace').length).toBeLessThan(25_000);
});

it('reads the call within a call as models write it', () => {
  expect(innerCall({ tool: 'a', arguments: { b: 1 } })).toEqual({ name: 'a', args: { b: 1 } });
  expect(innerCall({ tool: 'a', arguments: '{"b":1}' })).toEqual({ name: 'a', args: { b: 1 } });
  expect(innerCall({ tool: 'a' })).toEqual({ name: 'a', args: {} });
  expect(innerCall('a')).toEqual({ name: '', args: {} });
});
