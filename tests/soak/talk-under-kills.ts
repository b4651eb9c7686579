/** Conversations under kills: who talks, who kills, and what is held against each other in the end. */
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { auditVerificationSchema } from '../../src/contract/audit.ts';
import type { WholeConversation } from '../../src/contract/chat.ts';
import { freePort } from '../helpers/free-port.ts';
import { expectNothingLeft, makeHome, processesOf, startTestVm, type TestVm } from '../helpers/vm.ts';
import { randomOf } from './killed-processes.ts';
import { Talk } from './talk.ts';
import { mark, startTalkingModel, type TalkingModel } from './talking-model.ts';

export type TalkOptions = {
  conversations: number;
  turns: number;
  seed: number;
  verbose: boolean;
  say(line: string): void;
};

/** After a kill so many turns are answered, however slow the machine is, and so much time goes by, in milliseconds. */
const answeredBetween = [1, 8] as const;
const longestPauseMs = 5_000;

export async function talkUnderKills(
  options: TalkOptions,
): Promise<{ problems: string[]; figures: Record<string, string | number> }> {
  const { conversations, turns, seed, say, verbose } = options;
  const began = performance.now();
  const home = await makeHome();
  const model = await startTalkingModel();
  const start = async (port: string) =>
    await startTestVm({
      home,
      ownGroup: true,
      env: {
        ANTHROPIC_BASE_URL: model.url,
        ANTHROPIC_API_KEY: 'sk-ant-soak-1f2e3d4c5b6a7988',
        ALFRED_PORT: port,
        ALFRED_LOG_LEVEL: 'warn',
        ALFRED_SPARE_AGENTS: '0',
      },
    });
  const port = String(await freePort());
  let vm = await start(port);
  const kills = { vm: 0, database: 0 };
  try {
    const talks = await Promise.all(
      Array.from({ length: conversations }, (_, number) => Talk.begin(vm, number, say)),
    );
    let areTalking = true;
    const talking = Promise.all(talks.map((talk) => talk.all(turns))).finally(() => {
      areTalking = false;
    });
    const random = randomOf(seed);
    const answered = () => talks.reduce((sum, talk) => sum + talk.answered, 0);
    while (areTalking) {
      const [least, most] = answeredBetween;
      const until = answered() + least + random() * (most - least);
      while (areTalking && answered() < until) await Promise.race([talking, sleep(100)]);
      await Promise.race([talking, sleep(random() * longestPauseMs)]);
      if (!areTalking) break;
      const kind = random() < 0.6 ? 'vm' : 'database';
      kills[kind]++;
      if (verbose) say(vm.stderr());
      if (kind === 'database') killDatabase(home);
      else {
        process.kill(-vm.pid, 'SIGKILL');
        vm = await start(port);
      }
      say(`kill ${kind}: ${answered()} turns answered`);
    }
    await talking;
    const problems = [...(await problemsIn(vm, talks, turns)), ...model.problems(), ...(await alarms(vm))];
    for (const talk of talks) talk.leave();
    await vm.stop({ keepHome: true });
    await expectNothingLeft(home).catch((error: unknown) => problems.push(`orphaned: ${String(error)}`));
    return { problems, figures: figuresOf(options, { kills, model, talks, began }) };
  } finally {
    for (const line of processesOf(home)) killQuietly(Number.parseInt(line, 10));
    await model.close();
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

function figuresOf(
  { conversations, turns, seed }: TalkOptions,
  told: { kills: Record<string, number>; model: TalkingModel; talks: readonly Talk[]; began: number },
): Record<string, string | number> {
  return {
    seed,
    conversations,
    turns: conversations * turns,
    kills: Object.entries(told.kills)
      .map(([kind, count]) => `${kind} ${count}`)
      .join(', '),
    requests: told.model.requests(),
    'gone on with': told.model.goneOnWith(),
    reconnects: told.talks.reduce((sum, { reconnects }) => sum + reconnects, 0),
    seconds: Math.round((performance.now() - told.began) / 1000),
  };
}

/** What each conversation has on record, held against what was sent and what was streamed. */
async function problemsIn(vm: TestVm, talks: readonly Talk[], turns: number): Promise<string[]> {
  const problems: string[] = [];
  for (const talk of talks) {
    const { body } = await vm.api('GET', `/api/v1/conversations/${talk.id}`);
    const { messages } = body as WholeConversation;
    const asked = messages.filter(({ role }) => role === 'user');
    for (let turn = 1; turn <= turns; turn++) {
      const name = mark(talk.number, turn);
      const those = asked.filter(({ text }) => text.includes(name));
      if (those.length !== 1) problems.push(`${those.length === 0 ? 'lost' : 'doubled'}: message ${name}`);
      const answers = messages.filter(({ parentId }) => parentId === those[0]?.id);
      const [answer] = answers;
      if (answers.length > 1) problems.push(`doubled: ${answers.length} answers to ${name}`);
      if (answer?.status !== 'done')
        problems.push(`lost: the answer to ${name} is ${answer?.status} (${answer?.errorCode})`);
      if (answer === undefined) continue;
      for (const word of [`${name} begins`, `${name} ends`]) {
        const count = answer.text.split(word).length - 1;
        if (count !== 1)
          problems.push(`doubled: "${word}" stands ${count} times in the answer: ${answer.text}`);
      }
      const streamed = talk.streamed.get(answer.id);
      if (streamed !== answer.text)
        problems.push(`unlike: ${name} was streamed as ${JSON.stringify(streamed)}, and is ${answer.text}`);
    }
    if (messages.length !== 2 * turns) problems.push(`doubled: ${messages.length} messages of ${2 * turns}`);
  }
  return problems;
}

async function alarms(vm: TestVm): Promise<string[]> {
  const { body } = await vm.api('GET', '/api/v1/audit/verify');
  const { findings, warnings } = auditVerificationSchema.parse(body);
  return [...findings.map(({ message }) => message), ...warnings].map((one) => `false alarm: ${one}`);
}

/** The VM starts it again. */
function killDatabase(home: string): void {
  const file = path.join(home, 'postgres/data/postmaster.pid');
  const pid = existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : 0;
  if (pid > 0) killQuietly(pid);
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // It ended since it was looked for.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
