/** How the console says things: times, and what went wrong. Pure functions, without a browser. */
import { describe, expect, it } from 'vitest';
import { ApiError } from '../console/api/client.ts';
import { helpFor } from '../console/executions/execution-help.ts';
import { ago, clock, dayName, dayTime } from '../console/ui/format.ts';
import { fieldName, wordsOf } from '../console/ui/problem-words.ts';
import { meaningOf, t, told } from '../console/words/t.ts';
import type { Problem } from '../src/contract/errors.ts';

const noon = new Date(2026, 10, 27, 12, 0);
const at = (...time: [number, number, number, number, number]) => new Date(...time).toISOString();

describe('a time', () => {
  it('has one short form, on the clock of the language', () => {
    expect(clock(at(2026, 10, 27, 14, 19))).toMatch(/^(14:19|2:19\sPM)$/);
    expect(ago(at(2026, 10, 27, 8, 5), noon.getTime())).toMatch(/^(08:05|8:05\sAM)$/);
    expect(ago(at(2026, 10, 27, 23, 59), noon.getTime())).toMatch(/^(23:59|11:59\sPM)$/);
    expect(ago(at(2026, 10, 26, 8, 5), noon.getTime())).not.toMatch(/:|2026/);
    // Of the last days one knows the weekday, and of those before the date.
    expect(ago(at(2026, 10, 24, 8, 5), noon.getTime())).toMatch(/^Tue\D+24|^Tue.+Nov/);
    expect(ago(at(2026, 10, 12, 8, 5), noon.getTime())).not.toMatch(/Thu/);
    expect(ago(at(2024, 1, 3, 8, 5), noon.getTime())).toContain('2024');
    expect(dayTime(at(2026, 10, 28, 7, 0), noon.getTime())).toMatch(/, (07:00|7:00\sAM)$/);
    expect(dayTime(at(2026, 10, 27, 17, 0), noon.getTime())).toMatch(/^(17:00|5:00\sPM)$/);
  });

  it('is of a day that has a name', () => {
    expect(dayName(new Date(2026, 10, 27, 0, 1).getTime(), noon.getTime())).toBe('Today');
    expect(dayName(new Date(2026, 10, 26, 23, 59).getTime(), noon.getTime())).toBe('Yesterday');
    expect(dayName(new Date(2026, 10, 25, 23, 59).getTime(), noon.getTime())).toContain('25');
  });
});

it.each(['constructor', 'toString', '__proto__'])(
  'takes %s, which every object has, for a word like any other',
  (word) => {
    expect(told(word)).toBe(word);
    expect(meaningOf(word)).toBeUndefined();
    expect(t('Saved{note, select, none {} other {: {note}}}', { note: word })).toBe(`Saved: ${word}`);
    expect(helpFor(word)).toBe(helpFor(null));
    expect(
      wordsOf(
        new ApiError({
          type: 'about:blank',
          title: '',
          status: 422,
          code: word as 'E_UNKNOWN',
          detail: 'No.',
        }),
      ),
    ).toMatchObject({ said: 'No.', remedy: undefined });
  },
);

describe('a problem in the browser', () => {
  const words = (problem: Partial<Problem>) =>
    wordsOf(
      new ApiError({
        type: 'about:blank',
        title: '',
        status: 422,
        code: 'E_VALIDATION',
        detail: '',
        ...problem,
      }),
    );

  it('names fields as people do, once', () => {
    expect(['/from', '/steps/0/allowedTools', '/triggerConfig/cron', ''].map(fieldName)).toEqual([
      'From',
      'Step 1, allowed tools',
      'Trigger config, cron',
      '',
    ]);
    expect(
      words({
        detail: 'The body is not right: /enrollmentToken: must not be empty',
        errors: [{ field: '/enrollmentToken', message: 'must not be empty' }],
      }),
    ).toMatchObject({
      said: 'Something here needs another look:',
      fields: [{ name: 'Enrollment token', message: 'must not be empty' }],
    });
  });

  it('says what to do here, and never gives a command line', () => {
    const { remedy } = words({ code: 'E_NEEDS_LOGIN', remedy: 'Sign in: npx alfred connection login mail' });
    expect(remedy).toMatchObject({ to: '/connections' });
    expect(
      words({ code: 'E_NOT_FOUND', remedy: 'See what there is with: npx alfred skill list' }).remedy,
    ).toBeUndefined();
    expect(words({ code: 'E_CONFLICT', remedy: 'Cancel it first.' }).remedy).toEqual({
      words: 'Cancel it first.',
    });
    expect(words({ code: 'E_CONFLICT', detail: 'It needs `cron`.' }).said).toBe('It needs “cron”.');
  });

  it('is one line, with a log folded away', () => {
    const detail = `npm failed.\n${'npm error code E404\n'.repeat(17)}`;
    const { said, log } = words({ code: 'E_SERVER_EXITED', detail });
    expect(said).toBe('npm failed.');
    expect(log?.split('\n')).toHaveLength(18);
    expect(words({ code: 'E_CONFLICT', detail: 'Short.' }).log).toBeUndefined();
  });
});
