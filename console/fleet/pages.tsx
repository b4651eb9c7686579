/** Which page of the VMs is shown, and the way to the others. */
import type { Fleet, FleetQuery } from '../../src/contract/fleet.ts';
import { Button } from '../ui/button.tsx';
import { ChevronLeft, ChevronRight } from '../ui/icons.tsx';

export function Pages({
  fleet: { total },
  query: { offset, limit },
  onQuery,
}: {
  fleet: Fleet;
  query: FleetQuery;
  onQuery(change: Partial<FleetQuery>): void;
}) {
  if (total <= limit && offset === 0) return null;
  return (
    <div className="flex items-center justify-between gap-3 border-t border-line px-4 py-2">
      <p className="text-[13px] text-ink-2 tabular-nums">
        {Math.min(offset + 1, total)}–{Math.min(offset + limit, total)} of {total}
      </p>
      <div className="flex gap-2">
        <Button
          size="sm"
          icon={<ChevronLeft className="size-4" />}
          disabled={offset === 0}
          onClick={() => onQuery({ offset: Math.max(0, offset - limit) })}
        >
          Back
        </Button>
        <Button
          size="sm"
          disabled={offset + limit >= total}
          onClick={() => onQuery({ offset: offset + limit })}
        >
          Next
          <ChevronRight aria-hidden="true" className="size-4" />
        </Button>
      </div>
    </div>
  );
}
