/** What can be done with an execution: cancelled while it goes on; then run again, taken out, made a skill, purged. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Execution } from '../../src/contract/executions.ts';
import { api } from '../api/api.ts';
import { usePropose } from '../proposals/teach.tsx';
import { Button, buttonClass } from '../ui/button.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { size } from '../ui/format.ts';
import { WandSparkles } from '../ui/icons.tsx';
import { Menu, MenuItem, MenuLine } from '../ui/menu.tsx';
import { BookOpen, Download, Eraser, FileJson, Square } from '../ui/more-icons.tsx';
import { say, sayProblem } from '../ui/toast.ts';
import { t } from '../words/t.ts';
import { RetryButton } from './execution-retry.tsx';
import { ReplayButton } from './replay-button.tsx';

export function ExecutionActions({
  execution,
  isOver,
  onTrace,
}: {
  execution: Execution;
  isOver: boolean;
  onTrace(): void;
}) {
  const navigate = useNavigate();
  const [isPurging, setPurging] = useState(false);
  const isKept = execution.purgedAt === null;
  return (
    <>
      {isOver ? null : <CancelButton id={execution.id} />}
      {execution.mode === 'replay' ? (
        <Link
          to="/executions/$id/comparison"
          params={{ id: execution.id }}
          className={buttonClass('primary')}
        >
          {t('Side by side')}
        </Link>
      ) : isOver ? (
        <>
          <RetryButton execution={execution} />
          {'conversationId' in execution.triggerDetail ? null : <ReplayButton execution={execution} />}
        </>
      ) : null}
      {execution.status === 'succeeded' && isKept && execution.mode !== 'replay' ? (
        <TeachButton id={execution.id} />
      ) : null}
      <Menu label={t('More about this execution')}>
        <MenuItem
          icon={<BookOpen />}
          onSelect={() => void navigate({ to: '/skills/$slug', params: { slug: execution.skillSlug } })}
        >
          {t('See the skill')}
        </MenuItem>
        <MenuItem icon={<FileJson />} disabled={!isKept} onSelect={onTrace}>
          {t('See the raw trace')}
        </MenuItem>
        <MenuItem icon={<Download />} onSelect={() => void download(execution.id).catch(sayProblem)}>
          {t('Export as NDJSON')}
        </MenuItem>
        <MenuLine />
        <MenuItem icon={<Eraser />} isDanger disabled={!isOver || !isKept} onSelect={() => setPurging(true)}>
          {isKept ? t('Purge its payload') : t('Its payload is purged')}
        </MenuItem>
      </Menu>
      <Purge id={execution.id} open={isPurging} onClose={() => setPurging(false)} />
    </>
  );
}

/** Its steps as they went, with the tools that they used, as a proposal. */
function TeachButton({ id }: { id: string }) {
  const propose = usePropose();
  return (
    <Button
      icon={<WandSparkles className="size-4" />}
      busy={propose.isPending}
      onClick={() => propose.mutate({ executionId: id }, { onError: sayProblem })}
    >
      {t('Teach from this run')}
    </Button>
  );
}

function CancelButton({ id }: { id: string }) {
  const cancel = useMutation({
    mutationFn: () => api.cancelExecution({ params: { id } }),
    onSuccess: () => say(t('It is being stopped')),
    onError: sayProblem,
  });
  return (
    <Button
      look="danger"
      icon={<Square className="size-3.5" fill="currentColor" />}
      busy={cancel.isPending}
      onClick={() => cancel.mutate()}
    >
      {t('Cancel')}
    </Button>
  );
}

function Purge({ id, open, onClose }: { id: string; open: boolean; onClose(): void }) {
  const queries = useQueryClient();
  const purge = useMutation({
    mutationFn: () => api.purgeExecution({ params: { id } }),
    onSuccess: async ({ freedBytes }) => {
      await queries.invalidateQueries({ queryKey: ['executions'] });
      onClose();
      say(t('Its payload is purged'), t('{freedBytes} are gone.', { freedBytes: size(freedBytes) }));
    },
    onError: sayProblem,
  });
  return (
    <Confirm
      open={open}
      onClose={onClose}
      onConfirm={() => purge.mutate()}
      busy={purge.isPending}
      title={t('Purge what this execution holds?')}
      verb={t('Purge it')}
    >
      {t(
        'Its input, its result, its trace and what its tools were sent and answered are dropped for good; nobody can bring them back, and it cannot be run again. That it ran, how long, what it cost and its hashes stay on record.',
      )}
    </Confirm>
  );
}

/** The whole of it as one line of JSON, as an export of many has each. */
async function download(id: string): Promise<void> {
  const whole = await api.getExecution({ params: { id } });
  const file = new Blob([`${JSON.stringify(whole)}\n`], { type: 'application/x-ndjson' });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = `execution-${id}.ndjson`;
  link.click();
  URL.revokeObjectURL(link.href);
}
