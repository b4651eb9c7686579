/** A turn of the model in both runs: once where both are the same, beside each other where they are not. */
import { diffWordsWithSpace } from 'diff';
import type { ComparedCall, ComparedStep, ComparedTurn } from '../../src/contract/replay.ts';
import { parseToolName } from '../../src/contract/tool-name.ts';
import { cx } from '../ui/cx.ts';
import { JsonBox } from '../ui/json-tree.tsx';
import { ChevronRight, Wrench } from '../ui/more-icons.tsx';
import { Prose } from '../ui/prose.tsx';
import { Side } from '../ui/side.tsx';
import { t } from '../words/t.ts';

export type Pair = ComparedStep['turns'][number];
export const sideNames = { original: t('Then'), replay: t('Now') } as const;

const words: Record<Pair['differs'][number], string> = {
  text: t('said otherwise'),
  calls: t('called otherwise'),
  answers: t('was answered otherwise'),
  missing: t('not in the replay'),
  added: t('only in the replay'),
};

export function TurnPair({ pair, number }: { pair: Pair; number: number }) {
  const { original, replay, differs } = pair;
  return (
    <li className="space-y-2 px-4 py-4">
      <h3 className="flex flex-wrap items-center gap-2 text-[13px] font-medium text-ink-2">
        {t('Turn {number}', { number })}
        {differs.length === 0 ? (
          <span className="font-normal text-ink-3">{t('the same')}</span>
        ) : (
          differs.map((each) => (
            <span key={each} className="rounded-full bg-wait-soft px-2 py-0.5 text-wait">
              {words[each]}
            </span>
          ))
        )}
      </h3>
      {differs.length === 0 && replay !== null ? (
        <>
          {replay.text === '' ? null : <Prose text={replay.text} />}
          <Calls calls={replay.calls} />
        </>
      ) : (
        <>
          {original?.text || replay?.text ? <Texts original={original} replay={replay} /> : null}
          <div className="grid gap-3 md:grid-cols-2">
            <CallsOf side="original" turn={original} other={replay} />
            <CallsOf side="replay" turn={replay} other={original} />
          </div>
        </>
      )}
    </li>
  );
}

function Texts({ original, replay }: Pick<Pair, 'original' | 'replay'>) {
  const [then, now] = [original?.text ?? '', replay?.text ?? ''];
  if (then === now) return <Prose text={now} />;
  const changes = diffWordsWithSpace(then, now);
  return (
    <div className="grid gap-2 md:grid-cols-2 md:gap-3">
      <Side of={sideNames.original} changes={then === '' ? undefined : changes} side="removed" />
      <Side of={sideNames.replay} changes={now === '' ? undefined : changes} side="added" />
    </div>
  );
}

function CallsOf({
  side,
  turn,
  other,
}: {
  side: keyof typeof sideNames;
  turn: ComparedTurn | null;
  other: ComparedTurn | null;
}) {
  const none = turn === null ? t('no such turn') : t('no call');
  if (!turn?.calls.length && !other?.calls.length) return null;
  return (
    <div className="min-w-0 space-y-1">
      <p className="text-xs text-ink-3 md:sr-only">{sideNames[side]}</p>
      {turn?.calls.length ? (
        <Calls calls={turn.calls} other={other?.calls ?? []} />
      ) : (
        <p className="rounded-lg border border-dashed border-line px-3 py-2 text-[13px] text-ink-3">{none}</p>
      )}
    </div>
  );
}

const signOf = ({ name, arguments: args, answer }: ComparedCall): string =>
  JSON.stringify([name, args, answer]);

/** @param other those of the other side: a call that is not among them is marked */
function Calls({ calls, other }: { calls: ComparedCall[]; other?: ComparedCall[] }) {
  const known = other && new Set(other.map(signOf));
  if (calls.length === 0) return null;
  return (
    <ul className="space-y-1.5">
      {calls.map((call, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a call that was not made has no id of its own
        <li key={index}>
          <Call call={call} differs={known !== undefined && !known.has(signOf(call))} />
        </li>
      ))}
    </ul>
  );
}

function Call({ call, differs }: { call: ComparedCall; differs: boolean }) {
  const { connection, tool } = parseToolName(call.name) ?? { connection: '', tool: call.name };
  const isBad = call.status !== 'done';
  const remark = call.recorded === null ? undefined : remarks[call.recorded];
  return (
    <details
      className={cx(
        'group min-w-0 rounded-lg border bg-sunken text-[13px]',
        differs ? 'border-wait/50' : 'border-line',
      )}
    >
      <summary className="flex min-h-10 cursor-pointer list-none items-start gap-2 px-3 py-2 [&::-webkit-details-marker]:hidden">
        <ChevronRight
          aria-hidden="true"
          className="mt-0.5 size-3.5 shrink-0 text-ink-3 transition-transform group-open:rotate-90"
        />
        <Wrench
          aria-hidden="true"
          className={cx('mt-0.5 size-3.5 shrink-0', isBad ? 'text-bad' : 'text-ink-3')}
        />
        <span className="min-w-0 flex-1">
          <span className="block break-words">
            <span className="text-ink-2">{connection}</span>{' '}
            <span className={cx('font-medium', isBad && 'text-bad')}>{tool}</span>
          </span>
          <span className="block break-words text-ink-2 group-open:hidden">
            {shortArguments(call.arguments)}
          </span>
          {remark === undefined ? null : <span className="mt-0.5 block font-medium text-wait">{remark}</span>}
        </span>
      </summary>
      <div className="space-y-2 border-t border-line px-3 py-2">
        <Part name={t('Sent')}>
          <JsonBox value={call.arguments ?? {}} />
        </Part>
        {call.answer === null ? null : (
          <Part name={call.recorded === 'none' ? t('Told in place of an answer') : t('Answered')}>
            <p className="max-h-72 overflow-auto break-words whitespace-pre-wrap">{call.answer}</p>
          </Part>
        )}
      </div>
    </details>
  );
}

const remarks: Partial<Record<NonNullable<ComparedCall['recorded']>, string>> = {
  other: t('Answered by what was recorded for other arguments'),
  none: t('Not made: no answer was recorded'),
};

const Part = ({ name, children }: { name: string; children: React.ReactNode }) => (
  <div className="min-w-0">
    <p className="mb-1 text-xs text-ink-3">{name}</p>
    {children}
  </div>
);

const shortArguments = (value: unknown): string => {
  const text = JSON.stringify(value ?? {});
  return text === '{}' ? '' : text.length > 120 ? `${text.slice(0, 119)}…` : text;
};
