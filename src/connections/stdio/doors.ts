/**
 * Sockets through which others on this machine start programs, or tell secrets, for whoever of the same user asks: what they start stands
 * outside every wall. A server gets none of them, but a container engine's where a container engine is what a person approved.
 */
import path from 'node:path';

const user = process.getuid?.() ?? 0;

/** D-Bus and systemd, which start programs and hand out what keyrings hold. */
const launchers = [
  ...['/run/dbus/system_bus_socket', '/run/systemd/private', `/run/user/${user}/bus`],
  ...[`/run/user/${user}/systemd`, `/run/user/${user}/keyring`],
];

const engines = [
  ...[
    '/run/docker.sock',
    '/run/containerd/containerd.sock',
    '/run/podman/podman.sock',
    '/run/crio/crio.sock',
  ],
  ...[`/run/user/${user}/docker.sock`, `/run/user/${user}/podman/podman.sock`],
];

const clients = ['docker', 'podman', 'nerdctl'];

/** Where they are, or would be. */
export function doorsOutside({ program, words }: { program: string; words: readonly string[] }): string[] {
  const usesEngine =
    clients.includes(path.basename(program)) ||
    words.some((word) => /\/(docker|podman|containerd)\.sock\b/.test(word));
  return usesEngine ? launchers : [...launchers, ...engines];
}
