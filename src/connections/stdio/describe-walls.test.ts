import { expect, it } from 'vitest';
import type { Connection } from '../../contract/connections.ts';
import type { WallsFound } from '../../walls/choose-walls.ts';
import { describeWalls, withWalls } from './describe-walls.ts';

const none: WallsFound = { kind: 'none', reasons: ['bwrap is not installed', 'perl is not installed'] };
const found = (kind: 'bubblewrap' | 'namespaces' | 'landlock'): WallsFound => ({
  ...{ kind, file: '/usr/bin/tool', helpers: [], reasons: [] },
  around: () => [],
});

it('says what nothing keeps a program from, and why', () => {
  const { kind, message } = describeWalls('default', none);
  expect(kind).toBe('none');
  expect(message).toMatch(
    /bwrap is not installed; perl is not installed.*could read.*vault’s key.*Install bubblewrap/,
  );
});

it('says so as well where walls could be built and are switched off', () => {
  expect(describeWalls('off', found('bubblewrap'))).toMatchObject({ kind: 'none' });
});

it('says before the approval that a strict sandbox cannot be kept', () => {
  for (const walls of [none, found('landlock')])
    expect(describeWalls('strict', walls).message).toContain('will not be started');
  expect(describeWalls('strict', found('namespaces')).message).toContain('cannot read');
});

it('says of one that was approved behind walls, where there are none now, that this is approved by nobody', () => {
  const approved = {
    ...{ type: 'mcp_stdio', config: { command: 'x', sandbox: 'default' } },
    ...{ approved: true, approvedWalls: 'namespaces' },
  } as unknown as Connection;
  expect(withWalls(approved, none)).toMatchObject({
    approved: false,
    changedSinceApproval: [{ field: '/walls', before: 'namespaces', after: 'none' }],
  });
  for (const still of [
    withWalls(approved, found('landlock')),
    withWalls({ ...approved, approvedWalls: 'none' }, none),
    withWalls({ ...approved, approvedWalls: undefined }, none),
    withWalls({ ...approved, config: { command: 'x', sandbox: 'off' } }, none),
  ])
    expect(still).toMatchObject({ approved: true });
});

it('is said of programs alone', () => {
  const shown = { type: 'mcp_http', config: { url: 'https://a.example' } } as unknown as Connection;
  expect(withWalls(shown, none)).toBe(shown);
  const program = {
    type: 'mcp_stdio',
    config: { command: 'x', sandbox: 'default' },
  } as unknown as Connection;
  expect(withWalls(program, none).walls?.kind).toBe('none');
});
