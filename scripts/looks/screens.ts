/** Every page and dialog of the console, by the name that its pictures have. */
import { askingQuery } from '../../tests/helpers/oauth/asking-program.ts';
import type { TestVm } from '../../tests/helpers/vm.ts';
import { longSlug } from './fill-home.ts';

/** A page, and what opens over it: buttons that are pressed one after the other. */
export type Screen = { url: string; presses?: readonly RegExp[]; keys?: string };

/** @param latest an execution of a home that was filled (fill-home.ts) */
export async function screensOf(vm: TestVm, latest: string): Promise<Record<string, Screen>> {
  return {
    home: { url: '/' },
    'home-stop': { url: '/', presses: [/^Stop everything/] },
    'home-palette': { url: '/', keys: 'Control+k' },
    'home-keys': { url: '/', keys: '?' },
    chat: { url: '/chat' },
    executions: { url: '/executions' },
    'executions-found': { url: '/executions?q=quarterly&status=succeeded&pinned=true' },
    'executions-save': {
      url: '/executions?status=succeeded',
      presses: [/^Saved filters/, /^Save what is looked for/],
    },
    execution: { url: `/executions/${latest}` },
    'execution-replay': { url: `/executions/${latest}`, presses: [/^Replay/] },
    day: { url: `/days/${new Date().toLocaleDateString('sv')}` },
    costs: { url: '/costs' },
    'costs-lately': { url: '/costs?days=30' },
    'costs-month': { url: '/costs?month=2026-01' },
    skills: { url: '/skills' },
    calendar: { url: '/calendar' },
    'skill-new': { url: '/skills/new' },
    'skill-write': { url: '/skills/write' },
    skill: { url: '/skills/house-report' },
    'skill-long': { url: `/skills/${longSlug}` },
    'skill-run': { url: '/skills/house-report', presses: [/^Run$/] },
    'skill-pause': { url: `/skills/${longSlug}`, presses: [/^Pause…/] },
    'skill-edit': { url: `/skills/${longSlug}/edit` },
    proposals: { url: '/proposals' },
    connections: { url: '/connections' },
    connection: { url: '/connections/memory' },
    'connection-change': { url: '/connections/memory', presses: [/^(Change|Edit)/] },
    'connection-key': { url: '/connections/mail', presses: [/^Replace/] },
    'connection-add': { url: '/connections/add' },
    vault: { url: '/vault' },
    core: { url: '/core' },
    settings: { url: '/settings' },
    'settings-channel': { url: '/settings', presses: [/^Add a (way|channel)/] },
    asked: { url: `/oauth/authorize?${await askingQuery(vm.url)}` },
    approve: { url: `/approve#decide_${'A'.repeat(43)}` },
    help: { url: '/help' },
    document: { url: '/help/operations?section=money' },
    nothing: { url: '/nothing-here' },
  };
}
