/** Which page of the VMs is shown, and the way to the others. */
import type { Fleet, FleetQuery } from '../../src/contract/fleet.ts';
import { Button } from '../ui/button.tsx';
import { Select } from '../ui/field.tsx';
import { ChevronLeft, ChevronRight } from '../ui/more-icons.tsx';

/** How many VMs a page shows. */
const sizes = [50, 100, 500] as const;

export function Pages({
  fleet: { total },
  query: { offset, limit },
  onQuery,
}: {
  fleet: Fleet;
  query: FleetQuery;
  onQuery(change: Partial<FleetQuery>): void;
}) {
  if (total <= sizes[0] && offset === 0) return null;
  return (
    <div className="flex flex-wrap items-center justify-between gap-3 border-t border-line px-4 py-2">
      <p className="text-[13px] text-ink-2 tabular-nums">
        {Math.min(offset + 1, total)}–{Math.min(offset + limit, total)} of {total}
      </p>
      <div className="flex gap-2">
        <Select
          aria-label="VMs a page"
          className="h-8 text-[13px]"
          value={limit}
          onChange={({ target }) => onQuery({ limit: Number(target.value), offset: 0 })}
        >
          {sizes.map((size) => (
            <option key={size} value={size}>
              {size} a page
            </option>
          ))}
        </Select>
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
