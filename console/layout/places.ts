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

/** Rare ones have no room under the thumb: on a phone, other pages lead there. */
export type Place = { to: string; name: string; icon: Icon; keys: string; isRare?: true };

export const places: readonly Place[] = [
  { to: '/', name: 'Home', icon: Home, keys: 'g h' },
  { to: '/chat', name: 'Chat', icon: MessageCircle, keys: 'g t' },
  { to: '/executions', name: 'Executions', icon: Activity, keys: 'g e' },
  { to: '/costs', name: 'Costs', icon: ChartColumn, keys: 'g b', isRare: true },
  { to: '/skills', name: 'Skills', icon: Sparkles, keys: 'g s' },
  { to: '/proposals', name: 'Proposals', icon: WandSparkles, keys: 'g p', isRare: true },
  { to: '/connections', name: 'Connections', icon: Plug, keys: 'g c' },
  { to: '/vault', name: 'Vault', icon: KeyRound, keys: 'g v', isRare: true },
  { to: '/core', name: 'Core', icon: Landmark, keys: 'g o', isRare: true },
  { to: '/settings', name: 'Settings', icon: Settings, keys: 'g ,' },
  { to: '/help', name: 'Help', icon: CircleHelp, keys: 'g i', isRare: true },
];
