/** What tells of caps that are met is seldom there: its code comes when it is. */
import { onDemand } from '../ui/on-demand.tsx';

const caps = () => import('./skill-caps.tsx');
export const CapReached = onDemand(async () => (await caps()).CapReached);
export const SkillCaps = onDemand(async () => (await caps()).SkillCaps);
export const RaiseMetCap = onDemand(async () => (await caps()).RaiseMetCap);
