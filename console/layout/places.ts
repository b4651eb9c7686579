/** Where one can go. */
import { Activity, Home, KeyRound, type LucideIcon, Plug, Settings, Sparkles } from 'lucide-react';

export type Place = { to: string; name: string; icon: LucideIcon; keys: string };

export const places: readonly Place[] = [
  { to: '/', name: 'Home', icon: Home, keys: 'g h' },
  { to: '/executions', name: 'Executions', icon: Activity, keys: 'g e' },
  { to: '/skills', name: 'Skills', icon: Sparkles, keys: 'g s' },
  { to: '/connections', name: 'Connections', icon: Plug, keys: 'g c' },
  { to: '/vault', name: 'Vault', icon: KeyRound, keys: 'g v' },
  { to: '/settings', name: 'Settings', icon: Settings, keys: 'g ,' },
];
