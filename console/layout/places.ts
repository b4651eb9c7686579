/** Where one can go. */
import {
  Activity,
  ChartColumn,
  CircleHelp,
  Home,
  type Icon,
  KeyRound,
  Landmark,
  MessageCircle,
  Plug,
  Settings,
  Sparkles,
  WandSparkles,
} from '../ui/icons.tsx';
import { t } from '../words/t.ts';

/** Rare ones have no room under the thumb: on a phone they stand behind its last button. */
export type Place = { to: string; name: string; icon: Icon; keys: string; isRare?: true };

export const places: readonly Place[] = [
  { to: '/', name: t('Home'), icon: Home, keys: 'g h' },
  { to: '/chat', name: t('Chat'), icon: MessageCircle, keys: 'g t' },
  { to: '/executions', name: t('Executions'), icon: Activity, keys: 'g e' },
  { to: '/costs', name: t('Costs'), icon: ChartColumn, keys: 'g b', isRare: true },
  { to: '/skills', name: t('Skills'), icon: Sparkles, keys: 'g s' },
  { to: '/proposals', name: t('Proposals'), icon: WandSparkles, keys: 'g p', isRare: true },
  { to: '/connections', name: t('Connections'), icon: Plug, keys: 'g c' },
  { to: '/vault', name: t('Vault'), icon: KeyRound, keys: 'g v', isRare: true },
  { to: '/core', name: t('Core'), icon: Landmark, keys: 'g o', isRare: true },
  { to: '/settings', name: t('Settings'), icon: Settings, keys: 'g ,', isRare: true },
  { to: '/help', name: t('Help'), icon: CircleHelp, keys: 'g i', isRare: true },
];
