import type { SDKPartialAssistantMessage } from '@anthropic-ai/claude-agent-sdk';
import { describe, expect, it } from 'vitest';
import { Redactor } from '../vault/redact.ts';
import { Deltas } from './deltas.ts';

const secret = 'hunter2-and-more-of-it';

/** What is told of an answer that comes so: `|` begins a block, `.` ends one, all else is said. */
function told(pieces: readonly string[]): string {
  const redactor = new Redactor();
  redactor.register('door.key', secret);
  let text = '';
  const deltas = new Deltas(redactor, (piece) => (text += piece), false);
  const hear = (event: object) => deltas.hear({ event } as SDKPartialAssistantMessage);
  for (const piece of pieces) {
    if (piece === '|') hear({ type: 'content_block_start' });
    else if (piece === '.') hear({ type: 'content_block_stop' });
    else hear({ type: 'content_block_delta', delta: { type: 'text_delta', text: piece } });
  }
  return text;
}

describe('an answer', () => {
  it('is told piece by piece, its blocks as paragraphs', () => {
    expect(told(['|', 'One', ' two', '.', '|', 'Three', '.'])).toBe('One two\n\nThree');
  });

  it('goes on where its connection broke, when it is said again in the same words', () => {
    expect(told(['|', 'Once upon', '|', 'Once ', 'upon a', ' time', '.', '|', 'End', '.'])).toBe(
      'Once upon a time\n\nEnd',
    );
  });

  it('begins a paragraph when it is said again in other words', () => {
    expect(told(['|', 'Once upon', '|', 'Once ', 'there was', '.'])).toBe('Once upon\n\nOnce there was');
  });

  it('tells no secret, also where its connection broke within one', () => {
    for (let at = 1; at < secret.length; at++) {
      const text = told(['|', `It is ${secret.slice(0, at)}`, '|', 'It is ', `${secret}!`, '.']);
      expect(text).toBe('It is [redacted:door.key]!');
    }
  });
});
