import type { Command } from 'commander';
import { comingIn, lettersIn, troubledIn } from '../../contract/home.ts';
import { listItems } from '../../contract/list-items.ts';
import type { Api } from '../api.ts';
import { readWaiting } from '../approval-id.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { type Paper, renderHome } from '../render/home.ts';
import { tellDay } from './home-day.ts';

/** So much of a result is told, in characters. */
const excerpt = 1200;
/** So many runs are looked through for what is new, as the console's Home does. */
const recentRuns = 30;

/** What is told, as `--json` gives it. */
async function readPaper(api: Api): Promise<Paper> {
  const [
    recent,
    running,
    stats,
    skills,
    connections,
    approvals,
    proposals,
    model,
    budget,
    { stopped },
    backups,
  ] = await Promise.all([
    listItems(api.listExecutions, { query: { excerpt } }, { max: recentRuns }),
    listItems(api.listExecutions, { query: { status: 'running' } }),
    // Counted by the database: a busy hook makes thousands a day.
    api.readStats({ query: { days: 1 } }),
    listItems(api.listSkills, {}),
    listItems(api.listConnections, {}),
    readWaiting(api),
    listItems(api.listProposals, { query: { status: 'open' } }),
    api.showModel(),
    api.readBudget(),
    api.readStop(),
    api.readBackups(),
  ]);
  return {
    timezone: budget.timezone,
    stopped,
    trouble: model.trouble,
    backups,
    approvals,
    proposals: proposals.map(({ id, slug, baseVersion }) => ({ id, slug, baseVersion })),
    connections: troubledIn(connections).map(({ name, status, approved, isActive, lastError }) => ({
      name,
      status,
      approved,
      isActive,
      lastError,
    })),
    letters: lettersIn(recent),
    today: {
      runs: stats.totals.executions,
      failed: stats.totals.failed,
      underWay: running.filter(({ mode }) => mode !== 'replay').length,
    },
    coming: comingIn(skills),
    names: Object.fromEntries(skills.map(({ slug, name }) => [slug, name])),
    spent: { day: budget.day, month: budget.month },
  };
}

export function addHome(program: Command, dispatch: Dispatch): void {
  addVerb<{ read?: boolean; day?: string }>(program, dispatch, {
    usage: 'home',
    summary: 'the morning paper: what waits for you, what Alfred found out, what comes next',
    examples: [
      ['alfred home', 'with coffee'],
      ['alfred home --day yesterday', 'what was found out on another day: 2026-11-27'],
      ['alfred home --read', 'and what it tells counts as read, here and in the console'],
    ],
    options: (command) =>
      command
        .option('--day <day>', 'the letter of one day: today, yesterday, or 2026-11-27')
        .option('--read', 'mark what it tells as read'),
    async run(context, _operands, { read = false, day }) {
      const api = await context.api();
      if (day !== undefined) return await tellDay(context, api, { day, read });
      const paper = await readPaper(api);
      present(context, paper, () => renderHome(paper, context));
      const ids = paper.letters.filter(({ row }) => row.unread).map(({ row }) => row.id);
      if (read && ids.length > 0) await api.readExecutions({ body: { ids } });
      return undefined;
    },
  });
}
