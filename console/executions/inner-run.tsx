/** What a run does now that somebody waits for elsewhere: its step, and the tools that it calls. */
import { useRun } from '../api/use-run.ts';
import { doingOf } from './doing.ts';

export function InnerRun({ id }: { id: string }) {
  const { run } = useRun(id);
  return <span role="status">{doingOf(run)}</span>;
}
