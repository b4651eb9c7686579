/** The morning paper in text. */
import type { Approval } from '../../contract/approvals.ts';
import type { BackupState } from '../../contract/backups.ts';
import type { Budget, Stopped } from '../../contract/budget.ts';
import type { ListedExecution } from '../../contract/executions.ts';
import { type Coming, type Letter, type Standing, troubleOf } from '../../contract/home.ts';
import type { ModelTrouble } from '../../contract/model.ts';
import type { Proposal } from '../../contract/proposals.ts';
import { visibleText } from '../../contract/visible.ts';
import type { Colors, Context } from '../context.ts';
import { shortId } from '../execution-id.ts';
import { describeBackups } from './backups.ts';
import { describeSpend } from './budget.ts';
import { describeMark } from './execution.ts';
import { formatDuration, formatTime, plural } from './figures.ts';
import { formatArguments } from './run.ts';
import { renderFields } from './table.ts';
import { clean, oneLine, pad, widthOf, wrap } from './text.ts';

/** As `alfred home --json` gives it. */
export type Paper = {
  /** The owner's, by which days begin. */
  timezone: string;
  stopped: Stopped | null;
  /** What keeps the model from answering. */
  trouble: ModelTrouble | null;
  backups: BackupState;
  /** Calls that wait for a decision. */
  approvals: Approval[];
  /** Skills that were taught and wait for the owner's word. */
  proposals: Pick<Proposal, 'id' | 'slug' | 'baseVersion'>[];
  /** Connections that need a person. */
  connections: Standing[];
  /** What was found out: of each skill the latest, unread before read. */
  letters: Letter[];
  /** How many runs began today, and how many go on just now; no replays. */
  today: { runs: number; failed: number; underWay: number };
  /** What runs by itself next, soonest first. */
  coming: Coming[];
  /** Of each slug. */
  names: Record<string, string>;
  spent: Pick<Budget, 'day' | 'month'>;
};

/** Lines longer than this are hard to read, however wide the terminal is. */
export const readable = 88;
/** So many lines of a result are printed; its own page has the rest. */
const linesOfALetter = 12;
const mostComing = 5;

export type Page = { out: Colors; columns: number; now: Date };

export function renderHome(paper: Paper, { out, columns = readable, now }: Context): string {
  const page: Page = { out, columns: Math.min(columns, readable), now: now() };
  const sections = [
    heading(paper, page),
    ...section('Waits for you', waiting(paper, page), page),
    ...section('News', news(paper, page), page),
    ...section('Coming up', coming(paper, page), page),
    footer(paper, page),
  ];
  return sections.join('\n\n');
}

const section = (title: string, body: string | undefined, { out }: Page): string[] =>
  body === undefined ? [] : [`${out.bold(title)}\n${body}`];

function heading({ timezone }: Paper, { out, now }: Page): string {
  const zone = { timeZone: timezone };
  const hour = Number(now.toLocaleString('en-GB', { hour: '2-digit', ...zone }));
  const date = now.toLocaleDateString('en-GB', { weekday: 'long', day: 'numeric', month: 'long', ...zone });
  return `${out.bold(greeting(hour))} ${out.dim(`· ${date}, ${formatTime(now.toISOString(), now, timezone)}`)}`;
}

function greeting(hour: number): string {
  if (hour < 5) return 'Good night';
  if (hour < 12) return 'Good morning';
  return hour < 18 ? 'Good afternoon' : 'Good evening';
}

/** A thing that waits, and beneath it what to type. */
const waits = (name: string, what: string, todo: string, { out, columns }: Page): string =>
  [
    wrap(`${oneLine(name)}: ${oneLine(what)}`, columns, '    ').replace(/^ {4}/, `  ${out.yellow('!')} `),
    `    ${out.dim(todo)}`,
  ].join('\n');

function waiting(paper: Paper, page: Page): string | undefined {
  const { stopped, trouble, approvals, proposals, connections, backups, names, timezone } = paper;
  const at = (iso: string) => formatTime(iso, page.now, timezone);
  const lines = [
    ...(stopped === null
      ? []
      : [
          waits(
            'Everything is stopped',
            `since ${at(stopped.since)}; no trigger starts a run`,
            'alfred go-on',
            page,
          ),
        ]),
    ...(trouble === null
      ? []
      : [
          waits(
            'The model',
            `has not answered since ${at(trouble.since)}. ${trouble.message}`,
            oneLine(trouble.remedy),
            page,
          ),
        ]),
    ...approvals.map((each) =>
      waits(
        names[each.skillSlug] ?? each.skillSlug,
        `wants to call ${visibleText(each.name)}${formatArguments(each.arguments, page.columns)}, until ${at(each.expiresAt)}`,
        `alfred execution approve ${shortId(each.id)}   or   alfred execution deny ${shortId(each.id)}`,
        page,
      ),
    ),
    ...proposals.map((each) =>
      waits(
        each.slug,
        each.baseVersion === null ? 'a new skill is proposed' : 'a change of this skill is proposed',
        `alfred proposal show ${shortId(each.id)}`,
        page,
      ),
    ),
    ...connections.map((each) => waits(each.name, troubleOf(each), todoOf(each), page)),
    ...(backups.isOverdue || backups.failure !== null
      ? [waits('Backups', clean(describeBackups(backups, page.out, page.now)), 'alfred backup create', page)]
      : []),
  ];
  return lines.length === 0 ? undefined : lines.join('\n');
}

function todoOf({ name, approved, status }: Standing): string {
  if (!approved || status === 'changed') return `alfred connection approve ${name}`;
  return status === 'needs_login' ? `alfred connection login ${name}` : `alfred connection test ${name}`;
}

function news({ letters, names, timezone }: Paper, page: Page): string {
  if (letters.length === 0) {
    const text =
      'None yet. What your skills find out is told here: give one a schedule, and there is news every morning.';
    return page.out.dim(`${wrap(text, page.columns, '  ')}\n  alfred skill list`);
  }
  return renderLetters(letters, page, names, timezone);
}

/** What was found out, one after the other. */
export const renderLetters = (
  letters: readonly Letter[],
  page: Page,
  names: Paper['names'],
  timezone?: string,
): string => letters.map((letter) => article(letter, { page, names, timezone })).join('\n\n');

function article(
  { row, earlier }: Letter,
  { page, names, timezone }: { page: Page; names: Paper['names']; timezone: string | undefined },
): string {
  const { out, columns, now } = page;
  const name = oneLine(names[row.skillSlug] ?? row.skillSlug);
  const mark = row.unread ? out.cyan('●') : ' ';
  const facts = [
    formatTime(row.completedAt ?? row.createdAt, now, timezone),
    ...(row.mode === 'live' ? [] : [row.mode]),
    // How many there are is not known: only the latest of all were looked through.
    ...(earlier === 0 ? [] : ['has earlier runs']),
    ...[describeMark(row.mark)].filter((said) => said !== ''),
  ].join(' · ');
  const head = `${mark} ${out.bold(name)}`;
  const more = `alfred execution show ${shortId(row.id)}`;
  return [
    `${head}  ${out.dim(facts)}`,
    row.error === null ? told(row, page) : out.red(wrap(clean(row.error).trim(), columns, '  ')),
    `  ${out.dim(row.error === null ? more : `${more} says why`)}`,
  ].join('\n');
}

/** The beginning of its output, as it was written. */
function told({ excerpt }: ListedExecution, { out, columns }: Page): string {
  if (excerpt === null) return out.dim('  It ended without a word.');
  const lines = wrap(clean(excerpt).trim(), columns, '  ').split('\n');
  return lines.length <= linesOfALetter ? lines.join('\n') : `${lines.slice(0, linesOfALetter).join('\n')} …`;
}

function coming({ coming: all, timezone }: Paper, { out, now }: Page): string | undefined {
  if (all.length === 0) return undefined;
  const shown = all.slice(0, mostComing);
  const times = shown.map(({ at }) => formatTime(at, now, timezone));
  const width = Math.max(...times.map(widthOf));
  const lines = shown.map(({ name, at }, index) => {
    const away = out.dim(`in ${formatDuration(Math.max(0, Date.parse(at) - now.getTime()))}`);
    return `  ${pad(times[index] ?? '', width)}  ${oneLine(name)}  ${away}`;
  });
  return [
    ...lines,
    ...(all.length > mostComing ? [out.dim(`  and ${all.length - mostComing} more`)] : []),
  ].join('\n');
}

function footer({ today: { runs, failed, underWay }, spent }: Paper, { out }: Page): string {
  const text = [
    plural(runs, 'run'),
    ...(runs === 0 ? [] : [failed === 0 ? 'none failed' : out.red(`${failed} failed`)]),
    ...(underWay === 0 ? [] : [`${underWay} under way`]),
  ].join(', ');
  return renderFields(
    [
      ['today', text],
      ['spent', `today ${describeSpend(spent.day, out)}, this month ${describeSpend(spent.month, out)}`],
    ],
    out.dim,
  );
}
