import { describe, expect, it } from 'vitest';
import { findPlaceholders } from '../contract/placeholders.ts';
import { fillConnection, unanswered } from '../contract/templates.ts';
import { parseToolName } from '../contract/tool-name.ts';
import { readTemplate, readTemplates } from './templates.ts';

describe('the templates that ship', () => {
  it('are at least eight, at least six of which need no account', async () => {
    const templates = await readTemplates();
    expect(templates.length).toBeGreaterThanOrEqual(8);
    expect(templates.filter(({ needsAccount }) => !needsAccount).length).toBeGreaterThanOrEqual(6);
  });

  it('name their folder, and only tools of connections that they ask for', async () => {
    for (const { id, definition, connections } of await readTemplates()) {
      expect(definition.slug).toBe(id);
      const used = definition.steps.flatMap((step) =>
        step.allowedTools.map((tool) => parseToolName(tool)?.connection),
      );
      expect(new Set(used)).toEqual(new Set(connections.map(({ name }) => name)));
    }
  });

  it('show what they may give, in a few lines', async () => {
    for (const { id, sample } of await readTemplates()) {
      expect({ id, isShort: sample.trim().length > 40 && sample.split('\n').length < 12 }).toEqual({
        id,
        isShort: true,
      });
    }
  });

  it('need no input where a schedule starts them: it has none to give', async () => {
    const scheduled = (await readTemplates()).filter(
      ({ definition }) => definition.triggerType === 'schedule',
    );
    expect(scheduled.length).toBeGreaterThan(0);
    for (const { id, definition } of scheduled) {
      const { required = [], properties = {} } = definition.inputSchema ?? {};
      expect({ id, required }).toEqual({ id, required: [] });
      const asked = definition.steps.flatMap(({ prompt, guidance = '' }) =>
        findPlaceholders(prompt + guidance),
      );
      const filled = Object.entries(properties as Record<string, object>).filter(
        ([, schema]) => 'default' in schema,
      );
      expect(filled.map(([name]) => name)).toEqual(expect.arrayContaining(asked));
    }
  });

  it('are filled in with answers, or say what is missing', async () => {
    const { connections } = await readTemplate('folder-digest');
    const [files] = connections;
    if (!files) throw new Error('folder-digest has no connection');
    expect(fillConnection(files, { FOLDER: '/srv/papers' }).config.args).toContain('/srv/papers');
    expect(unanswered(files, {})).toEqual(files.ask);
    expect(unanswered(files, { FOLDER: '/srv/papers' })).toEqual([]);
  });

  it('say which there are when one is not', async () => {
    await expect(readTemplate('no-such')).rejects.toThrowError(
      expect.objectContaining({ code: 'E_NOT_FOUND' }),
    );
  });
});
