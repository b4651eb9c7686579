import { expect, it } from 'vitest';
import { headlineOf } from './headline.ts';

it.each([
  ['Two bills are due.\nMore.', 'Two bills are due.'],
  ['# Garden\n\nNo **frost** until Wednesday.', 'No frost until Wednesday.'],
  ['## Nothing beneath', 'Nothing beneath'],
  ['**The report:**\n\n- **Two** bills are due.', 'Two bills are due.'],
  ['Nothing but this:', 'Nothing but this:'],
  ['---\n\n- [x] Call *Anna* about [the form](https://example.com/form)', 'Call Anna about the form'],
  ['| Bill | Due |\n| --- | --- |\n| Water | Fri |', 'Bill · Due'],
  ['> 1) Quoted, `code` and snake_case_name', 'Quoted, code and snake_case_name'],
  ['```\nplain\n```', 'plain'],
  ['2 * 3 * 4 = 24', '2 * 3 * 4 = 24'],
  ['pay 10\u202e\u0007 EUR', 'pay 10 EUR'],
  ['[redacted:mail.password] is set', '[redacted:mail.password] is set'],
  ['\n \n', ''],
])('of %j is %j', (text, line) => {
  expect(headlineOf(text)).toBe(line);
});

it('is short, cut at a word, and never in the middle of a character', () => {
  const words = headlineOf('word '.repeat(100));
  expect(words).toMatch(/word…$/);
  expect(words.length).toBeLessThanOrEqual(200);
  expect(headlineOf('😀'.repeat(200))).toMatch(/^(😀)+…$/u);
});
