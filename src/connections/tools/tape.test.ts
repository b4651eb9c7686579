import { describe, expect, it } from 'vitest';
import { hashOf } from '../../kernel/hash.ts';
import { type RecordedAnswer, Tape } from './tape.ts';

const answer = (id: string, stepId: number, args: object, tool = 'read'): RecordedAnswer => ({
  ...{ id, stepId, connection: 'files', tool, arguments: args, argumentsHash: hashOf(args) },
  outcome: { result: { content: [{ type: 'text', text: id }] } },
});
const call = (stepId: number, args: object, tool = 'read') => ({
  ...{ stepId, connection: 'files', tool, argumentsHash: hashOf(args) },
});
const [a, b] = [{ path: 'a' }, { path: 'b' }];

describe('a tape', () => {
  it('gives the answer to the same arguments, whatever the order of their keys', () => {
    const tape = new Tape([answer('1', 1, a), answer('2', 1, { path: 'b', head: 3 })]);
    expect(tape.take(call(1, { head: 3, path: 'b' }))).toMatchObject({ answer: { id: '2' }, isSame: true });
    expect(tape.take(call(1, a))).toMatchObject({ answer: { id: '1' }, isSame: true });
  });

  it('gives each answer once, in the order of the recording', () => {
    const tape = new Tape([answer('1', 1, a), answer('2', 1, a)]);
    const ids = [a, a, a].map((args) => tape.take(call(1, args))?.answer.id);
    expect(ids).toEqual(['1', '2', undefined]);
  });

  it('looks in the same step first, then in the others', () => {
    const tape = new Tape([answer('1', 1, a), answer('2', 2, a)]);
    expect(tape.take(call(2, a))?.answer.id).toBe('2');
    expect(tape.take(call(2, a))).toMatchObject({ answer: { id: '1' }, isSame: true });
  });

  it('keeps to the same arguments in another step before others in the same', () => {
    const tape = new Tape([answer('1', 2, b), answer('2', 1, a)]);
    expect(tape.take(call(2, a))).toMatchObject({ answer: { id: '2' }, isSame: true });
    expect(tape.take(call(2, a))).toMatchObject({ answer: { id: '1' }, isSame: false });
  });

  it('serves calls that are made at once in the order in which they were asked for, whoever comes first', () => {
    const given = (order: readonly string[]) => {
      const tape = new Tape([answer('1', 1, a), answer('2', 1, b), answer('3', 1, { path: 'c' })]);
      const asked = { x: call(1, { path: 'x' }), y: call(1, { path: 'y' }), z: call(1, a) };
      for (const [id, one] of Object.entries(asked)) tape.expect(id, one);
      const ids = order.map((id) => [id, tape.take(asked[id as 'x'], id)?.answer.id]);
      return Object.fromEntries(ids);
    };
    expect(given(['x', 'y', 'z'])).toEqual({ x: '2', y: '3', z: '1' });
    expect(given(['z', 'y', 'x'])).toEqual({ x: '2', y: '3', z: '1' });
    expect(given(['y', 'x', 'z'])).toEqual({ x: '2', y: '3', z: '1' });
  });

  it('has nothing of another tool, and nothing of what was used before', () => {
    const tape = new Tape([answer('1', 1, a), answer('2', 1, a, 'list')], new Set(['2']));
    expect(tape.take(call(1, a, 'list'))).toBeUndefined();
    expect(tape.take({ ...call(1, a), connection: 'mail' })).toBeUndefined();
    expect(tape.count({ connection: 'files', tool: 'list' })).toBe(1);
    expect(tape.tools()).toEqual([
      { connection: 'files', tool: 'read' },
      { connection: 'files', tool: 'list' },
    ]);
  });
});
