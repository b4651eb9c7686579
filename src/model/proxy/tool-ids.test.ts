import { expect, it } from 'vitest';
import { ToolIds } from '../tool-ids.ts';
import { OwnIdsInStream, ownIdsIn } from './tool-ids.ts';

const start = (id: string) =>
  `event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"${id}","name":"é","input":{}}}`;

/** What passes of `text` in pieces of `size` bytes. */
function passed(text: string, size: number, ids = new ToolIds(['call_1'])): string {
  const stream = new OwnIdsInStream(ids);
  const bytes = Buffer.from(text);
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) parts.push(stream.push(bytes.subarray(at, at + size)));
  return Buffer.concat([...parts, stream.end()]).toString('utf8');
}

it.each(['\n', '\r\n', '\r'])(
  'changes an id that was seen, and nothing else, wherever a stream is cut (%j)',
  (end) => {
    const events = [
      'event: message_start\ndata: {"type":"message_start"}',
      ': a remark',
      start('call_1'),
      'event: content_block_delta\ndata: {"type":"content_block_delta","delta":{"text":"\\"content_block_start\\" tool_use call_1 ü"}}',
      start('call_2'),
      start('call_2'),
      'event: message_stop\ndata: {"type":"message_stop"}',
    ].map((event) => event.replaceAll('\n', end) + end + end);
    const text = events.join('');
    const lines = (stream: string) => stream.split(/[\r\n]+/);
    for (let size = 1; size < text.length + 1; size++) {
      const expected = events
        .with(2, `${start('call_1_2')}\n\n`)
        .with(5, `${start('call_2_2')}\n\n`)
        .join('');
      expect(lines(passed(text, size))).toEqual(lines(expected));
      expect(passed(text, size, new ToolIds(['others']))).toContain(events.slice(0, 5).join('').trimEnd());
    }
  },
);

it('reads an event that is written on several lines', () => {
  const text =
    'event: content_block_start\ndata: {"type":"content_block_start",\ndata: "content_block":{"type":"tool_use","id":"call_1"}}\n\n';
  expect(passed(text, 7)).toContain('"id":"call_1_2"');
});

it('passes what is no event, what never ends, and what ends in the middle', () => {
  const long = `data: {"type":"tool_use","text":"${'x'.repeat(3_000_000)}"}\n\n`;
  for (const text of [
    'tool_use',
    'data: tool_use\n',
    `${long}${start('a')}\n\n`,
    start('call_1'),
    '\n\n\n\n\n',
  ]) {
    expect(passed(text, 65_536)).toBe(text);
  }
  expect(passed(`${long}${start('call_1')}\n\n`, 65_536)).toContain('call_1_2');
});

it('knows the calls of a conversation, and those that a made id runs into', () => {
  const ids = new ToolIds();
  ids.learn([
    {
      role: 'assistant',
      content: [
        { type: 'text', text: 'x' },
        { type: 'tool_use', id: 'a' },
      ],
    },
    { role: 'user', content: 'b' },
  ]);
  expect(['a', 'a_2', 'b', 'a', 'b'].map((id) => ids.take(id))).toEqual(['a_2', 'a_2_2', 'b', 'a_3', 'b_2']);
});

it('leaves the content of a whole answer alone where all ids are new', () => {
  const content = [{ type: 'text', text: 'x' }, { type: 'tool_use', id: 'a', input: { id: 'b' } }, 7, null];
  const ids = new ToolIds(['b']);
  expect(ownIdsIn(content, ids)).toBe(content);
  expect(ownIdsIn(content, ids)).toEqual([
    content[0],
    { type: 'tool_use', id: 'a_2', input: { id: 'b' } },
    7,
    null,
  ]);
});
