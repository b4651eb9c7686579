/** Who and what may start a run, as the settings say it in one place. Pure functions, without a browser. */
import { describe, expect, it } from 'vitest';
import {
  coreOf,
  handlersOf,
  hooksOf,
  programsOf,
  schedulesOf,
  sleepersOf,
} from '../console/settings/starters.ts';

const now = Date.parse('2026-11-30T08:00:00Z');
const id = '01a22943-9571-7749-b315-357b60e05cbe';
const token = (name: string, given: object) => ({
  ...{ id, name, scopes: [], skills: null, createdAt: '2026-11-01T00:00:00Z', expiresAt: null },
  ...{ lastUsedAt: null, ...given },
});
const skill = (slug: string, given: object) => ({
  ...{ slug, name: `The ${slug}`, isActive: true, triggerType: 'manual' as const, triggerConfig: {} },
  ...{ nextRunAt: null, onFailureSkill: null, ...given },
});
const said = (lines: readonly { name: string; how: string }[]) => lines.map(({ name, how }) => [name, how]);

describe('who can start runs', () => {
  it('names programs by what they may start, and none that only looks or is over', () => {
    const app = { id, name: 'An editor', publisher: null, redirectUri: 'http://127.0.0.1/', createdAt: '' };
    const apps = [{ ...app, skills: ['bills'], lastUsedAt: null, expiresAt: '2026-12-30T00:00:00Z' }];
    const lines = programsOf(
      [...apps, ...apps.map((one) => ({ ...one, name: 'Gone', expiresAt: '2026-11-29T00:00:00Z' }))],
      [
        // The owner's own, which their commands have.
        token('cli-token', { scopes: ['read', 'run', 'write', 'admin'] }),
        token('display', { scopes: ['read', 'metrics'] }),
        token('script', { scopes: ['read', 'run'] }),
        token('bills alone', { scopes: ['run'], skills: ['bills'] }),
        token('writer', { scopes: ['write'] }),
        token('over', { scopes: ['run'], expiresAt: '2026-11-30T07:59:59Z' }),
      ],
      now,
    );
    expect(said(lines)).toEqual([
      ['An editor', 'An app that you let in. It starts bills.'],
      ['script', 'An access token (read, run). It starts any skill.'],
      ['bills alone', 'An access token (run). It starts bills.'],
      ['writer', 'An access token (write). It changes skills, and so what starts them.'],
    ]);
    expect(lines.map(({ at }) => at.hash)).toEqual(['apps', 'tokens', 'tokens', 'tokens']);
  });

  it('names Core where people may start something through it', () => {
    expect(coreOf({ linked: true, tokenScopes: ['status'] })).toEqual([]);
    expect(coreOf({ linked: false, tokenScopes: ['start'] })).toEqual([]);
    expect(coreOf({ linked: true, tokenScopes: ['status', 'start'] })).toHaveLength(1);
  });

  it('says of a webhook who calls it, and whether calls are checked', () => {
    const hook = (slug: string, triggerConfig: object) =>
      skill(slug, { triggerType: 'webhook', triggerConfig });
    const secret = { sealed: true, fingerprint: 'abc' };
    const lines = hooksOf(
      [
        hook('open', { auth: 'none' }),
        hook('code', { auth: 'github', secret }),
        hook('own', { secret }),
        hook('bare', { auth: 'github' }),
        skill('draft', { triggerType: 'webhook', isActive: false }),
      ],
      [
        { auth: 'github', title: 'GitHub' },
        { auth: 'standard', title: 'Standard Webhooks' },
      ],
    );
    expect(said(lines)).toEqual([
      ['The open', 'Anybody who knows its address: calls are not checked.'],
      ['The code', 'GitHub: each call is checked.'],
      ['The own', 'Another program that has its secret: each call is checked.'],
      ['The bare', 'It has no secret yet, and starts nothing.'],
    ]);
    expect(lines.map(({ isOpen }) => isOpen)).toEqual([true, false, false, false]);
    expect(lines[0]?.at.to).toBe('/skills/open');
  });

  it('says when schedules fire, of those that rest until when, and counts drafts that would start', () => {
    const schedule = (slug: string, given: object) => skill(slug, { triggerType: 'schedule', ...given });
    // The days are those of whoever reads, in any zone.
    const noon = (day: number) => new Date(2026, 11, day, 12).toISOString();
    const skills = [
      schedule('brief', { nextRunAt: noon(2) }),
      schedule('garden', { triggerConfig: { pausedUntil: noon(24) } }),
      schedule('once', {}),
      schedule('draft', { isActive: false }),
    ];
    const [brief, garden, once, ...others] = schedulesOf(skills, now);
    expect(brief?.how).toMatch(/^Next: Wed/);
    expect(garden?.how).toMatch(/^Paused until .*24/);
    expect(once?.how).toBe('No time of it is to come.');
    expect(others).toEqual([]);
    expect(sleepersOf(skills)).toBe(1);
  });

  it('names what starts after a failure by its name', () => {
    const skills = [skill('bills', { onFailureSkill: 'mend' }), skill('mend', {})];
    expect(said(handlersOf(skills))).toEqual([['The bills', 'When a run of it fails, it starts The mend.']]);
  });
});
