import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';

export function addGoOn(program: Command, dispatch: Dispatch): void {
  addVerb(program, dispatch, {
    usage: 'go-on',
    summary: 'after stop-all: let triggers start runs again',
    description: 'Schedules whose time passed meanwhile do as their own "missed" says: skip, or run once.',
    examples: [['alfred go-on', 'harmless when nothing is stopped']],
    async run(context) {
      const api = await context.api();
      const { stopped } = await api.readStop();
      await api.goOn();
      present(context, { wasStopped: stopped !== null }, () =>
        stopped === null
          ? 'nothing was stopped'
          : `${context.out.green('✓')} schedules, webhooks, chat and other programs start runs again`,
      );
      return undefined;
    },
  });
}
