/** n8n from npm, in a folder of its own, on a PostgreSQL of its own. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/database/embedded.ts';
import { createLogger } from '../../src/kernel/log.ts';

export const version = '2.41.1';
const port = 15_678;
const startWithinMs = 600_000;

/** Takes a delivery and answers it: the two nodes. */
const workflow = {
  id: 'benchIntake00001',
  name: 'Intake',
  active: false,
  settings: { executionOrder: 'v1' },
  nodes: [
    {
      ...{ id: 'b3b0a9b6-0001-4000-8000-000000000001', name: 'Webhook', webhookId: 'bench-intake' },
      ...{ type: 'n8n-nodes-base.webhook', typeVersion: 2, position: [0, 0] },
      parameters: { httpMethod: 'POST', path: 'intake', responseMode: 'responseNode', options: {} },
    },
    {
      ...{ id: 'b3b0a9b6-0001-4000-8000-000000000002', name: 'Respond to Webhook' },
      ...{ type: 'n8n-nodes-base.respondToWebhook', typeVersion: 1.1, position: [220, 0] },
      parameters: { respondWith: 'json', responseBody: '{"accepted":true}', options: {} },
    },
  ],
  connections: { Webhook: { main: [[{ node: 'Respond to Webhook', type: 'main', index: 0 }]] } },
};

export class N8n {
  readonly url = `http://127.0.0.1:${port}`;
  readonly home: string;
  readonly #folder: string;
  readonly #isKept: boolean;
  #postgres: EmbeddedPostgres | undefined;
  #process: ChildProcess | undefined;

  private constructor(folder: string, home: string, isKept: boolean) {
    this.#folder = folder;
    this.home = home;
    this.#isKept = isKept;
  }

  /** @param folder where it is, or will be, and stays; a temporary one when left out */
  static async install(folder?: string): Promise<N8n> {
    const place = folder ?? (await mkdtemp(path.join(tmpdir(), 'n8n-')));
    if (!existsSync(path.join(place, 'node_modules/n8n/bin/n8n'))) {
      await mkdir(place, { recursive: true });
      writeFileSync(path.join(place, 'package.json'), '{ "private": true }\n');
      const began = performance.now();
      const args = [
        'install',
        '--ignore-scripts',
        '--no-audit',
        '--no-fund',
        '--loglevel=error',
        `n8n@${version}`,
      ];
      execFileSync('npm', args, { cwd: place, stdio: 'inherit' });
      const [megabytes] = execFileSync('du', ['-sm', place], { encoding: 'utf8' }).split('\t');
      console.log(`npm install: ${((performance.now() - began) / 1000).toFixed(0)} s, ${megabytes} MB`);
    }
    const home = path.join(place, 'home');
    await mkdir(home, { recursive: true });
    return new N8n(place, home, folder !== undefined);
  }

  /** Its first start with all migrations, and the workflow in it. */
  async prepare(): Promise<void> {
    const log = createLogger({ level: 'error', format: 'json', redact: (line) => line });
    this.#postgres = await startEmbeddedPostgres({ home: this.home, log });
    const prepared = path.join(this.home, 'workflow.json');
    if (existsSync(prepared)) return;
    const file = `${prepared}.new`;
    writeFileSync(file, JSON.stringify(workflow));
    await this.start();
    await this.stop();
    for (const args of [
      ['import:workflow', `--input=${file}`],
      ['publish:workflow', `--id=${workflow.id}`],
    ])
      await this.#run(args);
    renameSync(file, prepared);
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  get postmaster(): number {
    return this.#postgres?.pid ?? 0;
  }

  get databaseUrl(): string {
    return this.#postgres?.url ?? '';
  }

  /** Until it says that it is ready. */
  async start(): Promise<void> {
    const child = this.#spawn(['start']);
    this.#process = child;
    for (const until = performance.now() + startWithinMs; ; await sleep(20)) {
      if (child.exitCode !== null || performance.now() > until) throw new Error('n8n did not start');
      const answer = await fetch(`${this.url}/healthz/readiness`).catch(() => undefined);
      await answer?.arrayBuffer();
      if (answer?.status === 200) return;
    }
  }

  /** Until it takes a delivery in: it says that it is ready before. */
  async takesWebhooks(): Promise<void> {
    for (const until = performance.now() + startWithinMs; ; await sleep(100)) {
      const answer = await fetch(`${this.url}/webhook/intake`, { method: 'POST' });
      await answer.arrayBuffer();
      if (answer.status === 200) return;
      if (performance.now() > until) throw new Error(`n8n answers ${answer.status}`);
    }
  }

  async stop(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    await exit;
  }

  async remove(): Promise<void> {
    await this.stop();
    await this.#postgres?.stop();
    if (!this.#isKept) await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async #run(args: string[]): Promise<void> {
    const [code] = (await once(this.#spawn(args), 'exit')) as [number];
    if (code !== 0) throw new Error(`n8n ${args.join(' ')} ended with ${code}`);
  }

  #spawn(args: string[]): ChildProcess {
    const { host, port: databasePort, user, database } = new pg.Client(this.databaseUrl);
    return spawn(process.execPath, [path.join(this.#folder, 'node_modules/n8n/bin/n8n'), ...args], {
      cwd: this.home,
      env: {
        ...{ PATH: process.env.PATH ?? '', HOME: this.home, LANG: 'C.UTF-8', NODE_NO_WARNINGS: '1' },
        ...{ N8N_USER_FOLDER: this.home, N8N_HOST: '127.0.0.1', N8N_LISTEN_ADDRESS: '127.0.0.1' },
        ...{ N8N_PORT: String(port), N8N_RUNNERS_BROKER_PORT: String(port + 1), N8N_LOG_LEVEL: 'error' },
        ...{ DB_TYPE: 'postgresdb', DB_POSTGRESDB_HOST: host, DB_POSTGRESDB_PORT: String(databasePort) },
        ...{ DB_POSTGRESDB_USER: user ?? '', DB_POSTGRESDB_DATABASE: database ?? '' },
        // It tells nobody of itself, and asks nobody for news.
        ...{ N8N_DIAGNOSTICS_ENABLED: 'false', N8N_VERSION_NOTIFICATIONS_ENABLED: 'false' },
        ...{ N8N_TEMPLATES_ENABLED: 'false', N8N_PERSONALIZATION_ENABLED: 'false' },
        ...{ N8N_HIRING_BANNER_ENABLED: 'false', N8N_LICENSE_AUTO_RENEW_ENABLED: 'false' },
        ...{ N8N_COMMUNITY_PACKAGES_ENABLED: 'false', N8N_DYNAMIC_BANNERS_ENABLED: 'false' },
        ...{
          EXTERNAL_FRONTEND_HOOKS_URLS: '',
          N8N_DIAGNOSTICS_CONFIG_FRONTEND: '',
          N8N_DIAGNOSTICS_CONFIG_BACKEND: '',
        },
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
}
