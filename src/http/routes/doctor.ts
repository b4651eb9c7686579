import { doctorSchema } from '../../contract/doctor.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';
import { runChecks } from '../doctor/run-checks.ts';

export function doctorRoutes(app: App, { db }: ServerDeps): void {
  app.get(
    '/api/v1/doctor',
    {
      schema: {
        summary: 'What is wrong, as far as the server can see, and what to do',
        description:
          'Changes nothing. `alfred doctor` adds what only the machine itself shows: key, files, disk, sandbox.',
        tags: ['health'],
        response: { 200: doctorSchema },
      },
    },
    async () => {
      const checks = await runChecks(db);
      return { ok: checks.every(({ state }) => state !== 'bad'), checks };
    },
  );
}
