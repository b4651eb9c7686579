import { type ConnectionType, connectionTypes } from '../../src/contract/connection-types.ts';
import { Globe, Server, Terminal } from '../ui/more-icons.tsx';

const pictures = { Globe, Server, Terminal };

/** The picture of a type of connection. Its words stand beside it. */
export function ConnectionIcon({ type, className }: { type: ConnectionType; className: string }) {
  const Picture = pictures[connectionTypes[type].icon];
  return <Picture aria-hidden="true" className={className} />;
}
