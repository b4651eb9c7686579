/** VMs that are chosen, to do something with all of them; over pages and searches. */
import { type KeyboardEvent, useState } from 'react';
import type { FleetEntry } from '../../src/contract/fleet.ts';

export type Chosen = {
  vms: readonly FleetEntry[];
  has(vmId: string): boolean;
  set(vms: readonly FleetEntry[], isChosen: boolean): void;
  clear(): void;
};

export function useChosen(): Chosen {
  const [chosen, setChosen] = useState<ReadonlyMap<string, FleetEntry>>(new Map());
  return {
    vms: [...chosen.values()],
    has: (vmId) => chosen.has(vmId),
    set(vms, isChosen) {
      const next = new Map(chosen);
      for (const vm of vms) {
        if (isChosen) next.set(vm.vmId, vm);
        else next.delete(vm.vmId);
      }
      setChosen(next);
    },
    clear: () => setChosen(new Map()),
  };
}

/**
 * The keys of the list: the arrows go from one VM's box to the next, with Shift they take it along; Ctrl+A chooses all that are
 * shown, Escape none.
 */
export function chooseByKey(
  event: KeyboardEvent<HTMLUListElement>,
  items: readonly FleetEntry[],
  chosen: Chosen,
): void {
  const boxes = [...event.currentTarget.querySelectorAll<HTMLInputElement>('input[type=checkbox]')];
  const at = boxes.indexOf(event.target as HTMLInputElement);
  if (at < 0) return;
  if (event.key === 'Escape') chosen.clear();
  else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) chosen.set(items, true);
  else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    const to = at + (event.key === 'ArrowDown' ? 1 : -1);
    const [from, next] = [items[at], items[to]];
    if (event.shiftKey && from && next) chosen.set([from, next], true);
    boxes[to]?.focus();
  } else return;
  event.preventDefault();
}
